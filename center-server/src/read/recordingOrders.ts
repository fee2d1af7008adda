import type { RecordingOrder } from '@mingjing/contracts';
import { DEFAULT_HOURS, openingsOf, zoneDaysOf, type Calendars } from '@mingjing/rules';
import type { Directory } from '../directory.ts';
import type { Queryable } from '../store/database.ts';
import { alertOrders } from '../store/recordings/alertOrders.ts';
import { evidenceOrders } from '../store/recordings/evidenceOrders.ts';
import { hourCameras } from '../store/recordings/hourCameras.ts';

/** How many days ahead opening hours are told: a media host goes on by them while the centre is away. */
const DAYS_AHEAD = 3;

interface OrderDeps {
  pool: Queryable;
  directory: Directory;
  calendars: Calendars;
}

/** When a hall is open today and on the next days, by its region's calendar; ms since the epoch. */
function openTimes(
  { directory, calendars }: OrderDeps,
  place: { region: string; hall: string | null },
  now: number,
): { from: number; to: number }[] {
  const region = directory.region(place.region);
  if (!region) return [];
  const zone = zoneDaysOf(region.zone);
  const calendar = calendars.of(region.code, region.calendar);
  const openings = openingsOf(directory.hall(place.hall)?.hours ?? DEFAULT_HOURS);
  const today = zone.dayOf(now);
  return Array.from({ length: DAYS_AHEAD }, (_, ahead) => today + ahead)
    .filter((day) => calendar.isWorking(day))
    .flatMap((day) => zone.spansOf(day, openings));
}

/**
 * What a media host is to record and to keep: around recent alerts, in opening hours, and as evidence.
 * @param region the media host's own
 * @param now ms since the epoch
 * @param since alerts are told of from here on, or of the last hour where that is more
 */
export async function recordingOrders(
  deps: OrderDeps,
  region: string,
  now: number,
  since = now,
): Promise<RecordingOrder[]> {
  const [alerts, evidence, byHours] = await Promise.all([
    alertOrders(deps.pool, region, now, since),
    evidenceOrders(deps.pool, region),
    hourCameras(deps.pool, region),
  ]);
  const hours = byHours.flatMap((camera) =>
    openTimes(deps, camera, now).map(({ from, to }) => ({
      camera: camera.id,
      from,
      to,
      why: 'hours' as const,
    })),
  );
  return [...alerts, ...evidence, ...hours];
}
