import type { Delta, DeltaBatch } from '@mingjing/contracts';

/** How far a client has followed a scope: the number of the last delta it applied. */
export interface Position {
  scope: string;
  epoch: string;
  seq: number;
}

export type Step = { take: Delta[]; seq: number } | 'nothing-new' | 'gap';

/**
 * What to do with a batch at a position. Deltas seen before are left out; a hole, or another epoch
 * (the centre started anew), is a gap: the client must join again.
 */
export function stepFor(position: Position, batch: DeltaBatch): Step {
  if (batch.scope !== position.scope) return 'nothing-new';
  if (batch.epoch !== position.epoch) return 'gap';
  if (batch.seq <= position.seq) return 'nothing-new';
  const first = batch.seq - batch.deltas.length + 1;
  if (first > position.seq + 1) return 'gap';
  return { take: batch.deltas.slice(position.seq + 1 - first), seq: batch.seq };
}
