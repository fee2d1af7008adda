import {
  watchWallSchema,
  type ClientToServerEvents,
  type Problem,
  type ServerToClientEvents,
  type WallState,
  type WatchWallAnswer,
} from '@mingjing/contracts';
import type { Logger } from 'pino';
import type { Server, Socket } from 'socket.io';
import type { SignedIn } from '../auth/sessions.ts';
import { maySeeWall } from '../auth/viewer.ts';
import { problemOf } from '../http/problems.ts';
import type { Pool } from '../store/database.ts';
import { readWallState } from '../walls/readWorld.ts';
import type { Walls } from '../walls/walls.ts';

type Io = Server<ClientToServerEvents, ServerToClientEvents, Record<string, never>, SignedIn>;
type Client = Socket<ClientToServerEvents, ServerToClientEvents, Record<string, never>, SignedIn>;

export interface WallFeedDeps {
  walls: Walls;
  pool: Pool;
  now: () => number;
  log: Logger;
}

const roomOf = (wall: string) => `wall:${wall}`;
/** A window watches one wall, a desk a few. */
const MOST_WATCHED = 20;

function onWatch({ pool, now, log }: WallFeedDeps, socket: Client) {
  return async (request: unknown): Promise<WatchWallAnswer> => {
    const refuse = (problem: Problem): WatchWallAnswer => ({ ok: false, problem });
    const parsed = watchWallSchema.safeParse(request);
    if (!parsed.success) return refuse(problemOf('invalid', 'wall: expected the id of a wall'));
    const room = roomOf(parsed.data.wall);
    if (
      !socket.rooms.has(room) &&
      [...socket.rooms].filter((one) => one.startsWith('wall:')).length >= MOST_WATCHED
    )
      return refuse(problemOf('busy', `at most ${MOST_WATCHED} walls are watched at once`));
    // In the room first: what changes while the state is read is told after it, with a higher number.
    await socket.join(room);
    let state: WallState | undefined;
    try {
      state = await readWallState(pool, parsed.data.wall, now());
    } catch (error) {
      log.warn({ err: error, wall: parsed.data.wall }, 'a wall could not be read');
      await socket.leave(room);
      return refuse(problemOf('unavailable', 'the wall cannot be read now; try again'));
    }
    if (state && maySeeWall(socket.data.viewer, state)) return { ok: true, state };
    await socket.leave(room);
    return refuse(problemOf('not-found', `there is no wall "${parsed.data.wall}"`));
  };
}

/** Lets a connection follow walls. */
export function acceptWallWatchers(deps: WallFeedDeps, socket: Client): void {
  const watch = onWatch(deps, socket);
  socket.on('watchWall', (request, answer) => {
    if (typeof answer === 'function') void watch(request).then(answer);
  });
  socket.on('unwatchWall', (request) => {
    const parsed = watchWallSchema.safeParse(request);
    if (parsed.success) void socket.leave(roomOf(parsed.data.wall));
  });
}

/** Tells all who follow a wall what it shows, whenever that has changed: one reading at a time and wall. */
export function tellWalls(io: Io, { walls, pool, now, log }: WallFeedDeps): void {
  const reading = new Set<string>();
  const again = new Set<string>();

  async function tell(wall: string): Promise<void> {
    const room = roomOf(wall);
    if (!io.sockets.adapter.rooms.has(room)) return;
    if (reading.has(wall)) {
      again.add(wall);
      return;
    }
    reading.add(wall);
    try {
      const state = await readWallState(pool, wall, now());
      if (state) io.to(room).except(strangers(state)).emit('wallState', state);
      else io.to(room).emit('wallGone', wall);
    } catch (error) {
      log.warn({ err: error, wall }, 'what a wall shows could not be told; it is told with the next change');
    } finally {
      reading.delete(wall);
      if (again.delete(wall)) void tell(wall);
    }
  }

  /** A wall may have been moved to another region: who may not see it there leaves. */
  function strangers(state: WallState): string[] {
    const out = [...io.sockets.sockets.values()].filter(
      (socket) => socket.rooms.has(roomOf(state.wall)) && !maySeeWall(socket.data.viewer, state),
    );
    for (const socket of out) {
      socket.emit('wallGone', state.wall);
      void socket.leave(roomOf(state.wall));
    }
    return out.map(({ id }) => id);
  }

  walls.events.on('changed', (wall) => void tell(wall));
  walls.events.on('missed', () => {
    for (const room of io.sockets.adapter.rooms.keys())
      if (room.startsWith('wall:')) void tell(room.slice(5));
  });
}
