import { randomUUID } from 'node:crypto';
import { scopesOf, type DeltaBatch, type WallSnapshot } from '@mingjing/contracts';
import type { Logger } from 'pino';
import type { Viewer } from '../auth/viewer.ts';
import { noEffects, type Effects } from '../pipeline/effects.ts';
import { figuresOf, regionFigures } from '../read/figures.ts';
import { wallSnapshot, type WallDeps } from '../read/wall.ts';
import { deltasOf, mergeEffects } from './deltas.ts';
import { Room } from './room.ts';

/** How long changes are gathered before they are sent: fewer messages, and still at once for an eye. */
const FLUSH_MS = 40;
/** Figures are counted at most this often. */
const FIGURES_MS = 2000;
const BEAT_MS = 5000;

/** Whoever carries batches to the clients of a scope. */
export interface Carrier {
  send(batch: DeltaBatch): void;
  /** Tells the clients of a scope that what they hold is stale. */
  resync(scope: string): void;
  /** Whether anybody is in a scope. */
  isWatched(scope: string): boolean;
}

export interface Joined {
  scope: string;
  epoch: string;
  seq: number;
  snapshot: WallSnapshot;
  /** What was sent while the snapshot was being read; undefined when the client must join again. */
  missed: DeltaBatch | undefined;
}

export interface Hub {
  /** Tells every scope concerned what has changed. */
  publish(effects: Effects): void;
  /** Opens a scope to a viewer. @throws ProblemError when the viewer may not see it */
  join(viewer: Viewer, region: string): Promise<Joined>;
  carry(carrier: Carrier): void;
  stop(): void;
}

const IDLE: Carrier = { send: () => undefined, resync: () => undefined, isWatched: () => false };

/** The numbered rooms of every scope that somebody watches. A room nobody watches is dropped. */
export function createHub(deps: WallDeps, log: Logger): Hub {
  const rooms = new Map<string, Room>();
  /** Snapshots being read: their rooms must live although nobody has joined yet. */
  const joining = new Map<string, number>();
  let waiting: Effects = noEffects();
  let staleFigures = false;
  let carrier = IDLE;
  let flushing = false;

  function dropUnwatched(): void {
    for (const scope of rooms.keys()) {
      if (!carrier.isWatched(scope) && !joining.get(scope)) rooms.delete(scope);
    }
  }

  async function flush(): Promise<void> {
    const effects = waiting;
    waiting = noEffects();
    if (effects.figures) staleFigures = true;
    if (rooms.size > 0) {
      for (const { region, delta } of await deltasOf(deps.db, deps.directory, effects)) {
        for (const scope of scopesOf(region)) rooms.get(scope)?.push(delta);
      }
    }
    sendPending();
  }

  function sendPending(): void {
    for (const room of rooms.values()) {
      const batch = room.flush();
      if (batch) carrier.send(batch);
    }
  }

  async function countFigures(): Promise<void> {
    if (!staleFigures) return;
    staleFigures = false;
    dropUnwatched();
    for (const room of rooms.values()) {
      const scope = deps.directory.region(room.scope);
      if (!scope) continue;
      const at = deps.now();
      const figures = await figuresOf(deps.db, scope, at);
      const regions = await regionFigures(deps.db, scope, deps.directory.childrenOf(scope.code), at);
      room.push({ type: 'figures', figures, regions });
    }
    sendPending();
  }

  /** One at a time: what comes meanwhile is gathered for the next round. */
  function guarded(work: () => Promise<void>): () => void {
    return () => {
      if (flushing) return;
      flushing = true;
      work()
        .catch((error: unknown) => {
          // What was being told is lost to the clients: each must read a snapshot again.
          log.error({ err: error }, 'telling the walls failed; they will join again');
          for (const scope of rooms.keys()) carrier.resync(scope);
          rooms.clear();
        })
        .finally(() => (flushing = false));
    };
  }

  const timers = [
    setInterval(
      guarded(() => flush()),
      FLUSH_MS,
    ),
    setInterval(guarded(countFigures), FIGURES_MS),
    setInterval(() => {
      for (const room of rooms.values()) carrier.send(room.beat());
    }, BEAT_MS),
  ];

  return {
    publish(effects) {
      waiting = mergeEffects(waiting, effects);
    },
    async join(viewer, region) {
      const room = rooms.get(region) ?? new Room(region, randomUUID());
      rooms.set(region, room);
      joining.set(region, (joining.get(region) ?? 0) + 1);
      try {
        const seq = room.seq;
        const snapshot = await wallSnapshot(deps, viewer, region);
        return { scope: region, epoch: room.epoch, seq, snapshot, missed: room.since(seq) };
      } finally {
        joining.set(region, (joining.get(region) ?? 1) - 1);
      }
    },
    carry(next) {
      carrier = next;
    },
    stop() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
