import { ProfileLearner, type Profiles } from '@mingjing/rules';
import type { Logger } from 'pino';
import type { Directory } from '../directory.ts';
import type { Rules } from '../rulebook.ts';
import { readClosedCases } from '../store/cases/readClosedCases.ts';
import type { Pool } from '../store/database.ts';

/** How many cases are held in memory at once. */
const PAGE = 1000;
/** Older cases tell how it was then, not how it is now. */
const LOOK_BACK_MS = 365 * 86_400_000;

export interface LearnDeps {
  pool: Pool;
  directory: Directory;
  rules: Rules;
  log: Logger;
  /** Ms since the epoch. */
  now: () => number;
}

/**
 * Learns from the closed cases of the last year, page by page, so that ingest and walls are not held up.
 * @returns the profiles without a version of their own (0)
 */
export async function learn({ pool, directory, rules, log, now }: LearnDeps): Promise<Profiles> {
  const learner = new ProfileLearner();
  const since = now() - LOOK_BACK_MS;
  const calendars = rules.calendars();
  let after = '';
  let left = 0;
  for (;;) {
    const page = await readClosedCases(pool, since, after, PAGE);
    for (const { state } of page) {
      const region = directory.region(state.region);
      if (!region) continue;
      const [matter, hall] = [directory.matter(state.matter), directory.hall(state.hall)];
      try {
        learner.add({ state, place: { matter, region, hall, calendars } });
      } catch (error) {
        // A zone or limit that cannot be understood: the rules raise an alert of it when they judge the case.
        if (!(error instanceof RangeError)) throw error;
        left += 1;
      }
    }
    const last = page.at(-1);
    if (!last || page.length < PAGE) break;
    after = last.caseId;
  }
  if (left > 0) log.warn({ cases: left }, 'cases that could not be learned from: their limit makes no sense');
  return learner.finish(0);
}
