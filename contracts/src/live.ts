import { z } from 'zod';
import { regionCodeSchema } from './region.ts';
import type { Alert } from './alerts.ts';
import type { Problem } from './problem.ts';
import type {
  CameraTile,
  CaseTick,
  Figures,
  RegionFigures,
  ScreenTile,
  SourceState,
  WallSnapshot,
} from './wall.ts';
import type { WallState, WatchWall } from './walls.ts';

/** What a client asks to see: a region (its subtree), which must lie in the user's own. */
export const scopeRequestSchema = z.strictObject({ region: regionCodeSchema });
export type ScopeRequest = z.infer<typeof scopeRequestSchema>;

/** One change in a scope. Each replaces what the client holds under the same id, or takes it away. */
export type Delta =
  | { type: 'alert'; alert: Alert }
  | { type: 'camera'; camera: CameraTile }
  | { type: 'screen'; screen: ScreenTile }
  /** Removed, out of use, or placed outside the scope: by its id. */
  | { type: 'cameraGone'; camera: string }
  | { type: 'screenGone'; screen: string }
  | { type: 'source'; source: SourceState }
  | { type: 'figures'; figures: Figures; regions: RegionFigures[] }
  | { type: 'case'; tick: CaseTick };

/**
 * Deltas of one scope. `seq` is the number of the last delta in `deltas`; the first one's number is
 * `seq - deltas.length + 1`, and must follow the last the client saw. If it does not, the client rejoins.
 */
export interface DeltaBatch {
  scope: string;
  epoch: string;
  seq: number;
  deltas: Delta[];
}

export type JoinAnswer =
  | { ok: true; scope: string; epoch: string; seq: number; snapshot: WallSnapshot }
  | { ok: false; problem: Problem };

export type WatchWallAnswer = { ok: true; state: WallState } | { ok: false; problem: Problem };

export interface ServerToClientEvents {
  /** What a watched wall shows now, whole: it replaces every state with a lower `rev`. */
  wallState: (state: WallState) => void;
  /** A watched wall is no more. */
  wallGone: (wall: string) => void;
  deltas: (batch: DeltaBatch) => void;
  /** The client fell too far behind: what it holds is stale, it must join again. */
  resync: (scope: string) => void;
  /** The session ended: signed out elsewhere, disabled, or expired. */
  signedOut: () => void;
}

export interface ClientToServerEvents {
  join: (request: ScopeRequest, answer: (answer: JoinAnswer) => void) => void;
  leave: (request: ScopeRequest) => void;
  /** Follows one wall; `join` is for what its tiles need to know. */
  watchWall: (request: WatchWall, answer: (answer: WatchWallAnswer) => void) => void;
  unwatchWall: (request: WatchWall) => void;
}
