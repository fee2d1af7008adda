import { EventEmitter } from 'node:events';
import type { Millis } from '@mingjing/contracts';
import type { Logger } from 'pino';
import { inTransaction, type Client, type Pool } from '../store/database.ts';
import { listenOn } from '../store/listenOn.ts';
import { dueWalls, lockWall, saveCourse, WALL_CHANGED_CHANNEL, type WallRow } from '../store/walls/walls.ts';
import { moveOn, obey, wakeAt, type Order } from './course.ts';
import { readWorld } from './readWorld.ts';

interface Events {
  /** A wall shows something else now, or is no more; whichever centre did it. */
  changed: [wall: string];
  /** Some changes may have been missed: every wall must be read again. */
  missed: [];
}

/** How often to look for walls whose time has come. */
const LOOK_EVERY_MS = 250;

interface Moved {
  wall: WallRow;
  /** Whether there was anything that the order could mean. */
  done: boolean;
}

/**
 * Moves one wall on under its row's lock: two centres that look at once make one step.
 * @param order what somebody told it; 'look' when its set-up has changed, so that everybody reads it again
 * @returns undefined when there is no such wall
 */
export async function moveWall(
  client: Client,
  id: string,
  at: Millis,
  order?: Order | 'look',
): Promise<Moved | undefined> {
  const wall = await lockWall(client, id);
  if (!wall) return undefined;
  const world = await readWorld(client, wall, at);
  const told = typeof order === 'object' ? obey(wall.course, world, order) : wall.course;
  if (!told) return { wall, done: false };
  const { alert } = told;
  // An alert that an operator put there was not among those looked at.
  const state = typeof order === 'object' ? order.state : undefined;
  const states = alert && state ? new Map([...world.states, [alert.id, state]]) : world.states;
  const course = moveOn(told, { ...world, states }, at);
  const changed = order !== undefined || !isSame(course, wall.course);
  await saveCourse(client, id, { course, wakeAt: wakeAt(course, at), changed });
  return { wall, done: true };
}

/** The store gives an object's keys in an order of its own. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return one === other;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  return keys.every((key) => isSame(one[key as keyof typeof one], other[key as keyof typeof other]));
}

export interface Walls {
  readonly events: EventEmitter<Events>;
  start(): Promise<void>;
  /** Alerts have changed: every wall looks at once. */
  nudge(): void;
  stop(): Promise<void>;
}

/** Moves all walls on in time and tells when one shows something else; the truth is in the database. */
export function createWalls({ pool, log, now }: { pool: Pool; log: Logger; now: () => Millis }): Walls {
  const events = new EventEmitter<Events>();
  let nudged = true;
  let looking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let news: Awaited<ReturnType<typeof listenOn>> | undefined;

  async function look(): Promise<void> {
    const all = nudged;
    nudged = false;
    for (const id of await dueWalls(pool, all ? null : now())) {
      await inTransaction(pool, (client) => moveWall(client, id, now())).catch((error: unknown) =>
        log.error({ err: error, wall: id }, 'a wall could not be moved on and will be tried again'),
      );
    }
  }

  return {
    events,
    nudge: () => (nudged = true),
    async start() {
      news = await listenOn({
        ...{ pool, log, channel: WALL_CHANGED_CHANNEL },
        heard: (wall) => events.emit('changed', wall),
        missed: () => events.emit('missed'),
      });
      timer = setInterval(() => {
        looking ??= look()
          .catch((error: unknown) => log.error({ err: error }, 'walls could not be looked up'))
          .finally(() => (looking = undefined));
      }, LOOK_EVERY_MS);
    },
    async stop() {
      clearInterval(timer);
      await looking;
      await news?.stop();
    },
  };
}
