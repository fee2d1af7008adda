import type { Server as HttpServer } from 'node:http';
import {
  scopeRequestSchema,
  type ClientToServerEvents,
  type JoinAnswer,
  type ServerToClientEvents,
} from '@mingjing/contracts';
import { Server, type Socket } from 'socket.io';
import type { SessionEndings } from '../auth/sessionEndings.ts';
import type { Sessions, SignedIn } from '../auth/sessions.ts';
import { asProblem, problemOf } from '../http/problems.ts';
import { WATCHERS } from '../http/route.ts';
import type { Hub } from './hub.ts';
import { acceptWallWatchers, tellWalls, type WallFeedDeps } from './wallFeed.ts';

type LiveServer = Server<ClientToServerEvents, ServerToClientEvents, Record<string, never>, SignedIn>;
type LiveSocket = Socket<ClientToServerEvents, ServerToClientEvents, Record<string, never>, SignedIn>;

export interface LiveDeps extends WallFeedDeps {
  hub: Hub;
  sessions: Sessions;
  endings: SessionEndings;
  /** Whether a browser page of this origin may connect. */
  isAllowedOrigin: (origin: string | undefined, host: string | undefined) => boolean;
}

/** Joining reads a whole snapshot: one client may ask for so many per window. */
const JOINS_PER_WINDOW = 30;
const WINDOW_MS = 10_000;

const roomOf = (scope: string) => `scope:${scope}`;
const sessionRoom = (sessionId: string) => `session:${sessionId}`;

/** Counts one client's joins; true when there are too many. */
function joinLimiter(): () => boolean {
  let windowStart = 0;
  let count = 0;
  return () => {
    const now = performance.now();
    if (now - windowStart > WINDOW_MS) {
      windowStart = now;
      count = 0;
    }
    count += 1;
    return count > JOINS_PER_WINDOW;
  };
}

function onJoin(deps: LiveDeps, socket: LiveSocket) {
  const tooMany = joinLimiter();
  return async (request: unknown, answer: (answer: JoinAnswer) => void): Promise<void> => {
    const parsed = scopeRequestSchema.safeParse(request);
    if (!parsed.success || tooMany()) {
      const problem = parsed.success
        ? problemOf('busy', 'too many joins; wait a few seconds')
        : problemOf('invalid', 'region: expected a division code');
      answer({ ok: false, problem });
      return;
    }
    try {
      const { missed, ...joined } = await deps.hub.join(socket.data.viewer, parsed.data.region);
      await socket.join(roomOf(joined.scope));
      answer({ ok: true, ...joined });
      if (!missed) socket.emit('resync', joined.scope);
      else if (missed.deltas.length > 0) socket.emit('deltas', missed);
    } catch (error) {
      const problem = asProblem(error);
      if (!problem) deps.log.error({ err: error, region: parsed.data.region }, 'a wall could not join');
      answer({ ok: false, problem: problemOf(problem?.kind ?? 'internal', problem?.message) });
    }
  };
}

/** Ends a connection whose session is no more, however it was missed that it ended. */
async function endIfSignedOut({ sessions, log }: LiveDeps, socket: LiveSocket): Promise<void> {
  try {
    if (await sessions.viewerFromCookie(socket.handshake.headers.cookie)) return;
    socket.emit('signedOut');
    socket.disconnect(true);
  } catch (error) {
    log.warn({ err: error }, 'could not look up a session');
  }
}

function onConnection(deps: LiveDeps, socket: LiveSocket): void {
  void socket.join(sessionRoom(socket.data.sessionId));
  // It may have ended after it was looked up and before anybody listened for its end.
  void endIfSignedOut(deps, socket);
  acceptWallWatchers(deps, socket);
  const join = onJoin(deps, socket);
  socket.on('join', (request, answer) => {
    if (typeof answer === 'function') void join(request, answer);
  });
  socket.on('leave', (request) => {
    const parsed = scopeRequestSchema.safeParse(request);
    if (parsed.success) void socket.leave(roomOf(parsed.data.region));
  });
}

/** Ends the connections of a session that ended; after a gap in the news, of every session that is no more. */
function followEndings(io: LiveServer, deps: LiveDeps): void {
  const { endings } = deps;
  const end = (sessionId: string) => {
    io.to(sessionRoom(sessionId)).emit('signedOut');
    io.in(sessionRoom(sessionId)).disconnectSockets(true);
  };
  endings.events.on('ended', end);
  endings.events.on('missed', () => {
    for (const socket of io.sockets.sockets.values()) void endIfSignedOut(deps, socket);
  });
}

/**
 * The live feed at /live: websocket only, signed in by the session cookie, one room per scope.
 * A client that cannot keep up misses batches (`volatile`: nothing is buffered for it), sees the gap in
 * the numbers and joins again.
 */
export function openLive(http: HttpServer, deps: LiveDeps): { stop(): Promise<void> } {
  const io: LiveServer = new Server(http, {
    path: '/live',
    transports: ['websocket'],
    maxHttpBufferSize: 10_000,
    allowRequest: (request, accept) => {
      const allowed = deps.isAllowedOrigin(request.headers.origin, request.headers.host);
      accept(allowed ? null : 'origin not allowed', allowed);
    },
  });
  io.use((socket, next) => {
    deps.sessions
      .viewerFromCookie(socket.handshake.headers.cookie)
      .then((signedIn) => {
        if (!signedIn) next(new Error('unauthenticated'));
        else if (!WATCHERS.includes(signedIn.viewer.role)) next(new Error('forbidden'));
        else {
          socket.data = signedIn;
          next();
        }
      })
      .catch(next);
  });
  io.on('connection', (socket) => onConnection(deps, socket));
  followEndings(io, deps);
  tellWalls(io, deps);
  deps.hub.carry({
    send: (batch) => io.to(roomOf(batch.scope)).volatile.emit('deltas', batch),
    resync: (scope) => io.to(roomOf(scope)).emit('resync', scope),
    isWatched: (scope) => io.sockets.adapter.rooms.has(roomOf(scope)),
  });
  return { stop: () => io.close() };
}
