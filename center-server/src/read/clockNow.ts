import type { ClockProjection } from '@mingjing/contracts';
import { clockSpecOf, projectClock, type CaseState } from '@mingjing/rules';
import type { Directory } from '../directory.ts';
import type { Rules } from '../rulebook.ts';

/**
 * A case's clock as it stands at an instant: what is stored of it was true when the case moved last, and days
 * go by without an event. One that has ended stands as it ended.
 * @param stored the projection that was stored; null for a case without a clock
 * @param asOf ms since the epoch
 */
export function clockNow(
  { directory, rules }: { directory: Directory; rules: Rules },
  state: CaseState,
  stored: ClockProjection | null,
  asOf: number,
): ClockProjection | null {
  if (stored === null || stored.endedAt !== null) return stored;
  const region = directory.region(state.region);
  if (!region) return stored;
  const matter = directory.matter(state.matter);
  const hall = directory.hall(state.hall);
  const spec = clockSpecOf(state, { matter, region, hall, calendars: rules.calendars() });
  if (!spec) return stored;
  try {
    return projectClock(spec, asOf);
  } catch (error) {
    // What cannot be understood any more was told by an alert of its own.
    if (error instanceof RangeError) return stored;
    throw error;
  }
}
