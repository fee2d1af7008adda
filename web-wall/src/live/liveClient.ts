import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type {
  ClientToServerEvents,
  Delta,
  DeltaBatch,
  JoinAnswer,
  Problem,
  ServerToClientEvents,
  WallSnapshot,
  WallState,
  WatchWallAnswer,
} from '@mingjing/contracts';
import { stepFor } from './position.ts';
import type { Position } from './position.ts';

export type LiveStatus = 'connecting' | 'connected' | 'disconnected';

export interface LiveHandlers {
  snapshot: (snapshot: WallSnapshot) => void;
  deltas: (deltas: Delta[]) => void;
  /** `since` is when this state began, ms since the epoch. */
  status: (status: LiveStatus, since: number) => void;
  /** The centre will not show this scope. */
  refused: (problem: Problem) => void;
  /** What a watched wall shows now, whole; null: there is no such wall (any more). */
  wallState: (wall: string, state: WallState | null) => void;
  /** The session ended. */
  signedOut: () => void;
}

export interface LiveClient {
  /** Follows another scope from now on; its snapshot comes through the handlers. */
  follow: (region: string) => void;
  /** Watches a wall from now on, through every reconnection. */
  watchWall: (wall: string) => void;
  unwatchWall: (wall: string) => void;
  close: () => void;
}

const JOIN_TIMEOUT_MS = 10_000;
const REJOIN_AFTER_MS = 2_000;

/**
 * Follows one scope of the live feed: joins, hands over the snapshot, then every delta once and in order.
 * A gap, a resync, another epoch or a broken connection makes it join again.
 * @param url the centre's origin; empty for the page's own
 */
export function openLive(url: string, handlers: LiveHandlers): LiveClient {
  const client = new Live(url, handlers);
  return {
    follow: (region) => {
      client.follow(region);
    },
    watchWall: (wall) => {
      client.watchWall(wall);
    },
    unwatchWall: (wall) => {
      client.unwatchWall(wall);
    },
    close: () => {
      client.close();
    },
  };
}

class Live {
  readonly #socket: Socket<ServerToClientEvents, ClientToServerEvents>;
  readonly #handlers: LiveHandlers;
  #status: LiveStatus | null = null;
  #region: string | null = null;
  #position: Position | null = null;
  /** Numbers the joins: an answer to one that was overtaken is dropped. */
  #joins = 0;
  readonly #walls = new Set<string>();
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, handlers: LiveHandlers) {
    this.#handlers = handlers;
    this.#socket = io(url, { path: '/live', transports: ['websocket'], reconnectionDelayMax: 5_000 });
    this.#say('connecting');
    this.#socket.on('connect', () => {
      for (const wall of this.#walls) this.#watch(wall);
      this.#join();
    });
    this.#socket.on('connect_error', () => {
      this.#lost();
    });
    this.#socket.on('disconnect', () => {
      this.#lost();
    });
    this.#socket.on('deltas', (batch) => {
      this.#take(batch);
    });
    this.#socket.on('resync', (scope) => {
      if (scope === this.#region) this.#join();
    });
    this.#socket.on('wallState', (state) => {
      handlers.wallState(state.wall, state);
    });
    this.#socket.on('wallGone', (wall) => {
      handlers.wallState(wall, null);
    });
    this.#socket.on('signedOut', () => {
      handlers.signedOut();
    });
  }

  follow(region: string): void {
    if (region === this.#region) return;
    if (this.#region !== null && this.#socket.connected) this.#socket.emit('leave', { region: this.#region });
    this.#region = region;
    if (this.#socket.connected) this.#join();
  }

  watchWall(wall: string): void {
    this.#walls.add(wall);
    if (this.#socket.connected) this.#watch(wall);
  }

  unwatchWall(wall: string): void {
    this.#walls.delete(wall);
    if (this.#socket.connected) this.#socket.emit('unwatchWall', { wall });
  }

  #watch(wall: string): void {
    this.#socket
      .timeout(JOIN_TIMEOUT_MS)
      .emit('watchWall', { wall }, (error: Error | null, answer: WatchWallAnswer) => {
        if (!this.#walls.has(wall) || !this.#socket.connected) return;
        if (error || (!answer.ok && answer.problem.status !== 404)) {
          setTimeout(() => {
            if (this.#socket.connected && this.#walls.has(wall)) this.#watch(wall);
          }, REJOIN_AFTER_MS);
        } else this.#handlers.wallState(wall, answer.ok ? answer.state : null);
      });
  }

  close(): void {
    clearTimeout(this.#retry);
    this.#joins += 1;
    this.#socket.removeAllListeners();
    this.#socket.disconnect();
  }

  #say(status: LiveStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#handlers.status(status, Date.now());
  }

  #lost(): void {
    clearTimeout(this.#retry);
    this.#joins += 1;
    this.#position = null;
    this.#say('disconnected');
    // A disconnect that the server asked for is not retried by socket.io itself.
    if (!this.#socket.active) this.#retry = setTimeout(() => this.#socket.connect(), REJOIN_AFTER_MS);
  }

  #join(): void {
    const region = this.#region;
    if (region === null) return;
    clearTimeout(this.#retry);
    this.#position = null;
    this.#joins += 1;
    const number = this.#joins;
    this.#socket
      .timeout(JOIN_TIMEOUT_MS)
      .emit('join', { region }, (error: Error | null, answer: JoinAnswer) => {
        if (number !== this.#joins) return;
        if (error) this.#retry = setTimeout(() => this.#join(), REJOIN_AFTER_MS);
        else this.#joined(answer);
      });
  }

  #joined(answer: JoinAnswer): void {
    if (!answer.ok) {
      if (answer.problem.status === 401) this.#handlers.signedOut();
      else this.#handlers.refused(answer.problem);
      return;
    }
    this.#position = { scope: answer.scope, epoch: answer.epoch, seq: answer.seq };
    this.#say('connected');
    this.#handlers.snapshot(answer.snapshot);
  }

  #take(batch: DeltaBatch): void {
    // Batches that overtake the join's answer are lost here; the next one shows the gap and joins again.
    if (this.#position === null) return;
    const step = stepFor(this.#position, batch);
    if (step === 'nothing-new') return;
    if (step === 'gap') {
      this.#join();
      return;
    }
    this.#position.seq = step.seq;
    this.#handlers.deltas(step.take);
  }
}
