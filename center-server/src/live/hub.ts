import { randomUUID } from 'node:crypto';
import type { DeltaBatch, WallSnapshot } from '@mingjing/contracts';
import type { Logger } from 'pino';
import type { Viewer } from '../auth/viewer.ts';
import { isEmpty, noEffects, type Effects } from '../pipeline/effects.ts';
import { figuresOf, regionFigures } from '../read/figures.ts';
import { scopeOf, wallSnapshot, type WallDeps } from '../read/wall.ts';
import { deltasOf, mergeEffects } from './deltas.ts';
import { Room } from './room.ts';

/** How long changes are gathered before they are sent: fewer messages, and still at once for an eye. */
const FLUSH_MS = 40;
/** Figures are counted at most this often. */
const FIGURES_MS = 2000;
/** Figures are counted at least this often while anybody looks: a day begins without an event. */
const COUNT_AGAIN_MS = 60_000;
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

/** A snapshot, and the number of its room's stream when it began to be read. */
interface Reading {
  room: Room;
  seq: number;
  snapshot: WallSnapshot;
}

/** The numbered rooms of every scope that somebody watches. A room nobody watches is dropped. */
class LiveHub implements Hub {
  readonly #deps: WallDeps;
  readonly #log: Logger;
  readonly #rooms = new Map<string, Room>();
  /** Snapshots that are being read: whoever joins meanwhile shares them, and their rooms must live. */
  readonly #reading = new Map<string, Promise<Reading>>();
  readonly #timers: NodeJS.Timeout[];
  #waiting: Effects = noEffects();
  #staleFigures = false;
  #carrier: Carrier = IDLE;
  /** Changes and figures are told apart: counting for many scopes must not hold an alert up. */
  readonly #telling = { changes: false, figures: false };

  constructor(deps: WallDeps, log: Logger) {
    this.#deps = deps;
    this.#log = log;
    this.#timers = [
      setInterval(() => this.#tell('changes', () => this.#tellChanges()), FLUSH_MS),
      setInterval(() => this.#tell('figures', () => this.#tellFigures()), FIGURES_MS),
      setInterval(() => (this.#staleFigures = true), COUNT_AGAIN_MS),
      setInterval(() => this.#beat(), BEAT_MS),
    ];
  }

  publish(effects: Effects): void {
    this.#waiting = mergeEffects(this.#waiting, effects);
  }

  async join(viewer: Viewer, region: string): Promise<Joined> {
    scopeOf(this.#deps.directory, viewer, region);
    const { room, seq, snapshot } = await (this.#reading.get(region) ?? this.#read(viewer, region));
    // A room that was dropped meanwhile tells nothing any more: its clients must join the next one.
    const missed = this.#rooms.get(region) === room ? room.since(seq) : undefined;
    return { scope: region, epoch: room.epoch, seq, snapshot, missed };
  }

  /** Reads the snapshot of a scope once for all who join meanwhile; it is the same for all who may see it. */
  #read(viewer: Viewer, region: string): Promise<Reading> {
    const room = this.#rooms.get(region) ?? new Room(region, randomUUID());
    this.#rooms.set(region, room);
    const { seq } = room;
    const reading = wallSnapshot(this.#deps, viewer, region)
      .then((snapshot) => ({ room, seq, snapshot }))
      .finally(() => this.#reading.delete(region));
    this.#reading.set(region, reading);
    return reading;
  }

  carry(carrier: Carrier): void {
    this.#carrier = carrier;
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  /** One telling of a kind at a time: what comes meanwhile is gathered for the next. */
  #tell(kind: 'changes' | 'figures', work: () => Promise<void>): void {
    if (this.#telling[kind]) return;
    this.#telling[kind] = true;
    work()
      .catch((error: unknown) => {
        // What was being told is lost to the clients: each must read a snapshot again.
        this.#log.error({ err: error }, 'telling the walls failed; they will join again');
        for (const scope of this.#rooms.keys()) this.#carrier.resync(scope);
        this.#rooms.clear();
      })
      .finally(() => (this.#telling[kind] = false));
  }

  async #tellChanges(): Promise<void> {
    const effects = this.#waiting;
    if (isEmpty(effects)) return;
    this.#waiting = noEffects();
    if (effects.figures) this.#staleFigures = true;
    if (this.#rooms.size === 0) return;
    for (const { scopes, delta } of await deltasOf(this.#deps.db, this.#deps.directory, effects)) {
      for (const scope of scopes) this.#rooms.get(scope)?.push(delta);
    }
    this.#sendPending();
  }

  async #tellFigures(): Promise<void> {
    if (!this.#staleFigures) return;
    this.#staleFigures = false;
    this.#dropUnwatched();
    const { db, directory, now } = this.#deps;
    for (const room of this.#rooms.values()) {
      const scope = directory.region(room.scope);
      if (!scope) continue;
      const figures = await figuresOf(db, scope, now());
      const regions = await regionFigures(db, scope, directory.childrenOf(scope.code), now());
      room.push({ type: 'figures', figures, regions });
    }
    this.#sendPending();
  }

  #sendPending(): void {
    for (const room of this.#rooms.values()) {
      const batch = room.flush();
      if (batch) this.#carrier.send(batch);
    }
  }

  #beat(): void {
    for (const room of this.#rooms.values()) this.#carrier.send(room.beat());
  }

  #dropUnwatched(): void {
    for (const scope of this.#rooms.keys()) {
      if (!this.#carrier.isWatched(scope) && !this.#reading.has(scope)) this.#rooms.delete(scope);
    }
  }
}

/** Opens the hub; it tells until it is stopped. */
export function createHub(deps: WallDeps, log: Logger): Hub {
  return new LiveHub(deps, log);
}
