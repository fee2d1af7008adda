import { createHash } from 'node:crypto';
import type { Viewing } from '@mingjing/contracts';
import { canonicalJson } from '../audit/canonical.ts';

/** The line of the audit log that seals viewings; its detail is a Seal. */
export const SEALED = 'viewings.sealed';
/** The line that says which sealed viewings were removed because their time was over. */
export const REMOVED = 'viewings.removed';

/** A viewing that has ended, as the centre keeps it. */
export interface EndedViewing extends Viewing {
  cameraName: string;
  region: string;
  endedAt: number;
}

/** What a line of the audit log says of the viewings that it seals. */
export interface Seal {
  count: number;
  /** When the first began and the last ended, ms since the epoch. */
  from: number;
  until: number;
  /** SHA-256, hex, over the canonical JSON of the viewings in the order of their ids. */
  sha256: string;
}

/** @param viewings at least one, in any order */
export function sealOf(viewings: readonly EndedViewing[]): Seal {
  const ordered = [...viewings]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, camera, cameraName, region, user, quality, carriedBy, startedAt, endedAt }) => ({
      ...{ id, camera, cameraName, region, user, quality, carriedBy, startedAt, endedAt },
    }));
  return {
    count: ordered.length,
    from: Math.min(...ordered.map(({ startedAt }) => startedAt)),
    until: Math.max(...ordered.map(({ endedAt }) => endedAt)),
    sha256: createHash('sha256').update(canonicalJson(ordered)).digest('hex'),
  };
}
