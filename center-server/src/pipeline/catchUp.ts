import type { Millis, StoredObservation } from '@mingjing/contracts';

/** Longer than this on the way, and an event tells of the past: its source is catching up. */
const LATE_MS = 10 * 60_000;
/** A source that has told nothing of the past for this long has caught up. */
const QUIET_MS = 5000;

/** The part of a stored source that names the token it came with. */
export function tokenSource(source: string): string {
  return source.split(':', 1)[0] ?? source;
}

export function isLate({ observedAt, receivedAt }: StoredObservation): boolean {
  return receivedAt - observedAt > LATE_MS;
}

/**
 * Which sources are telling of the past: a collector after days offline, a replay, a back-fill. What the
 * past says of a case comes piece by piece, so its deadlines wait until the source is through; otherwise
 * a case would be called overdue a second before its decision arrives. A restart forgets this and judges
 * at once: cards may then be issued and taken back, never lost.
 */
export class CatchUp {
  readonly #lastLate = new Map<string, Millis>();

  note(batch: StoredObservation[], now: Millis): void {
    for (const observation of batch) {
      if (isLate(observation)) this.#lastLate.set(tokenSource(observation.source), now);
    }
  }

  /** The sources that were catching up within the last seconds. */
  behind(now: Millis): string[] {
    for (const [source, at] of this.#lastLate) if (now - at >= QUIET_MS) this.#lastLate.delete(source);
    return [...this.#lastLate.keys()];
  }
}
