import type { Logger } from 'pino';
import type { BlobStore } from '../store/blobs.ts';
import { inTransaction, type Pool } from '../store/database.ts';
import { deleteOldDeadLetters } from '../store/deadLetters/deleteOldDeadLetters.ts';
import { maintainObservations } from '../store/observations/maintain.ts';
import { shownPictures } from '../store/screens/shownPictures.ts';
import { takeOldUnmasked } from '../store/unmaskings/unmaskedFrames.ts';
import { removeOldViewings } from '../viewings/keepViewings.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export interface MaintenanceDeps {
  pool: Pool;
  blobs: BlobStore;
  log: Logger;
  now: () => number;
  /** How long observations are kept. */
  keepDays: number;
  /** How long pictures are kept that no screen shows any more. */
  keepPicturesDays: number;
  /** How many bytes of them are kept at most; null for as many as come. */
  keepPicturesBytes: number | null;
  /** How long unmasked pictures are kept. */
  keepUnmaskedHours: number;
  /** How long refused events are kept. */
  deadLetterDays: number;
  /** How long it is kept who watched which camera. */
  keepViewingsDays: number;
}

/**
 * The instant before which pictures have to go, so that those after it are no more than `most` bytes; null where all may stay.
 * @param byHour bytes by hours since the epoch
 */
export function overflowOf(byHour: ReadonlyMap<number, number>, most: number): number | null {
  let sum = 0;
  for (const [hour, bytes] of [...byHour].sort(([one], [other]) => other - one)) {
    sum += bytes;
    if (sum > most) return (hour + 1) * HOUR_MS;
  }
  return null;
}

/** Removes pictures that no screen shows any more: those that are old, and the oldest of too many. @returns how many */
export async function sweepPictures({
  pool,
  blobs,
  now,
  keepPicturesDays,
  keepPicturesBytes,
}: Pick<
  MaintenanceDeps,
  'pool' | 'blobs' | 'now' | 'keepPicturesDays' | 'keepPicturesBytes'
>): Promise<number> {
  const shown = await shownPictures(pool);
  const isShown = (sha256: string): boolean => shown.has(sha256);
  const old = await blobs.sweep(now() - keepPicturesDays * DAY_MS, isShown);
  const before = keepPicturesBytes === null ? null : overflowOf(await blobs.bytesByHour(), keepPicturesBytes);
  if (before === null) return old;
  // What came in the last hour may still wait for the observation that tells of it.
  return old + (await blobs.sweep(Math.min(before, now() - HOUR_MS), isShown));
}

/** Removes unmasked pictures whose short time is over. @returns how many */
export async function removeUnmasked({
  pool,
  blobs,
  now,
  keepUnmaskedHours,
}: Pick<MaintenanceDeps, 'pool' | 'blobs' | 'now' | 'keepUnmaskedHours'>): Promise<number> {
  const over = now() - keepUnmaskedHours * 60 * MINUTE_MS;
  return inTransaction(pool, async (client) => {
    const hashes = await takeOldUnmasked(client, over);
    // Before the commit: a crash between the two leaves the lines, and they are gone through again.
    for (const sha256 of hashes) await blobs.remove(sha256);
    return hashes.length;
  });
}

/** Does something now and every so often, one at a time; what fails is logged and tried again. */
function regularly(everyMs: number, log: Logger, what: string, work: () => Promise<unknown>) {
  let running: Promise<void> | undefined;
  const run = () => {
    running ??= work()
      .then((done) => log.debug({ done }, what))
      .catch((error: unknown) => log.error({ err: error }, `${what}: failed, trying again later`))
      .finally(() => (running = undefined));
  };
  run();
  const timer = setInterval(run, everyMs);
  return async () => {
    clearInterval(timer);
    await running;
  };
}

/** Keeps roll-ups and retention up to date: observations every quarter of an hour, the others every six hours. */
export function startMaintenance(deps: MaintenanceDeps): { stop(): Promise<void> } {
  const { pool, log, now, keepDays, deadLetterDays, keepViewingsDays } = deps;
  const stops = [
    regularly(15 * MINUTE_MS, log, 'maintained the observations', () =>
      inTransaction(pool, (client) => maintainObservations(client, now(), keepDays)),
    ),
    regularly(DAY_MS / 4, log, 'swept the pictures', () => sweepPictures(deps)),
    regularly(15 * MINUTE_MS, log, 'removed unmasked pictures', () => removeUnmasked(deps)),
    regularly(DAY_MS / 4, log, 'removed old dead letters', () =>
      deleteOldDeadLetters(pool, now() - deadLetterDays * DAY_MS),
    ),
    regularly(DAY_MS / 4, log, 'removed old viewings', () =>
      removeOldViewings(pool, now() - keepViewingsDays * DAY_MS, now()),
    ),
  ];
  return {
    async stop() {
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}
