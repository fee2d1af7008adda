import type { AlertKind, Millis } from '@mingjing/contracts';
import { defaultRouting, kindRouting, workingHoursAfter } from '@mingjing/rules';
import type { Queryable } from '../store/database.ts';
import type { Surroundings } from './situations.ts';

/**
 * Until when an alert that is acknowledged now is in hand, counted in the working time of its region and hall.
 * @param asked working hours; without it, as the routing policy says
 * @returns ms since the epoch; null where nobody is told of such alerts, or there is no such alert
 */
export async function handlingEnds(
  db: Queryable,
  { directory, rules }: Surroundings,
  id: number,
  now: Millis,
  asked: number | undefined,
): Promise<Millis | null> {
  const found = await db.query<{ kind: AlertKind; region: string; hall: string | null }>(
    'SELECT kind, region, hall FROM alert WHERE id = $1',
    [id],
  );
  const [alert] = found.rows;
  const region = alert && directory.region(alert.region);
  if (!region) return null;
  const policy = kindRouting(rules.ruleset().routing ?? defaultRouting, alert.kind, alert.region);
  const workingHours = asked ?? policy?.handleHours;
  if (workingHours === undefined) return null;
  const hours = directory.hall(alert.hall)?.hours;
  return workingHoursAfter(now, workingHours, { region, calendars: rules.calendars(), hours });
}
