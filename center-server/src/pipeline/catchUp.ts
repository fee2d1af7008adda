import type { Millis, StoredObservation } from '@mingjing/contracts';

/** Longer than this on the way, and an event tells of the past: its source is catching up. */
const LATE_MS = 10 * 60_000;
/** A source that has told nothing of the past for this long has caught up. */
const QUIET_MS = 5000;
/** However much a source goes on telling of the past, its deadlines wait no longer: it could put them off for ever. */
const LONGEST_MS = 15 * 60_000;

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
  /** By source: since when it has been telling of the past, and when it did so last. */
  readonly #late = new Map<string, { since: Millis; last: Millis }>();

  note(batch: StoredObservation[], now: Millis): void {
    for (const observation of batch) {
      if (!isLate(observation)) continue;
      const source = tokenSource(observation.source);
      this.#late.set(source, { since: this.#late.get(source)?.since ?? now, last: now });
    }
  }

  /** The sources that were catching up within the last seconds, and have not been at it for too long. */
  behind(now: Millis): string[] {
    for (const [source, { last }] of this.#late) if (now - last >= QUIET_MS) this.#late.delete(source);
    return [...this.#late].flatMap(([source, { since }]) => (now - since < LONGEST_MS ? [source] : []));
  }
}
