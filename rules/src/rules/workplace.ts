import type { Budget, Millis } from '@mingjing/contracts';
import type { Calendar } from '../clock/calendar.ts';
import { shippedCalendars } from '../clock/calendars.ts';
import { planOf } from '../clock/plan.ts';
import { zoneDaysOf, type ZoneDays } from '../clock/zoneDays.ts';
import type { CaseInput } from '../model.ts';

/** Where a case is handled or a camera hangs: its region, its hall, and their days. */
type Workplace = Pick<CaseInput, 'region' | 'hall' | 'calendars'>;

/** The zone and calendar of a workplace. @throws RangeError for a zone that nobody knows */
export function workplaceOf({ region, calendars = shippedCalendars }: Workplace): {
  zone: ZoneDays;
  calendar: Calendar;
} {
  return { zone: zoneDaysOf(region.zone), calendar: calendars.of(region.code, region.calendar) };
}

/**
 * The last instant that is in time for a budget that began at some instant, in the days and hours of the workplace.
 * @param stopped what does not count
 * @returns null while it stands still
 */
export function dueFrom(
  input: Workplace,
  startedAt: Millis,
  budget: Budget,
  stopped: readonly { from: Millis; to: Millis | null }[] = [],
): Millis | null {
  const { region, hall } = input;
  const { calendar } = workplaceOf(input);
  const plan = planOf({
    ...{ clockId: '', zone: region.zone, calendar: region.calendar, workingCalendar: calendar },
    ...{ startedAt, endedAt: null, budget, extensions: [], suspensions: stopped },
    ...(hall?.hours && { hours: hall.hours }),
  });
  return plan.dueAt;
}
