/** The counting of issue "Clocks", as literally as it can be written down. Slow; shares nothing with src/. */
import { Temporal } from 'temporal-polyfill';

export interface SlowSpec {
  zone: string;
  isWorking: (date: string) => boolean;
  startedAt: number;
  suspensions: { from: number; to: number | null }[];
}

/** No test counts further than this. */
const FAR = 600;

function runningAt(spec: SlowSpec, instant: number): boolean {
  return !spec.suspensions.some(({ from, to }) => from <= instant && (to === null || instant < to));
}

function localDate(zone: string, instant: number): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).toPlainDate();
}

/** The last millisecond of a local date. */
export function endOfDate(zone: string, date: Temporal.PlainDate): number {
  return date.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds - 1;
}

/** Counted days, one after the other, as dates. */
export function* countedDays(
  spec: SlowSpec,
  unit: 'workingDays' | 'calendarDays',
): Generator<Temporal.PlainDate> {
  let date = localDate(spec.zone, spec.startedAt);
  for (let i = 0; i < FAR; i += 1) {
    date = date.add({ days: 1 });
    if (unit === 'workingDays' && !spec.isWorking(date.toString())) continue;
    if (runningAt(spec, endOfDate(spec.zone, date))) yield date;
  }
}

/** The due date of n days; null when it is never reached. */
export function slowDueDate(
  spec: SlowSpec,
  unit: 'workingDays' | 'calendarDays',
  n: number,
  roll: boolean,
): Temporal.PlainDate | null {
  let counted = 0;
  for (const date of countedDays(spec, unit)) {
    counted += 1;
    if (counted < n) continue;
    let due = date;
    while (roll && !spec.isWorking(due.toString())) due = due.add({ days: 1 });
    return due;
  }
  return null;
}

const HALF_HOUR = 1_800_000;

/** The due instant of a number of half opening hours, half hour by half hour; all instants lie on half hours. */
export function slowDueInstant(spec: SlowSpec, hours: [string, string][], halfHours: number): number | null {
  let used = 0;
  for (let at = spec.startedAt; at < spec.startedAt + 60 * 86_400_000; at += HALF_HOUR) {
    const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(spec.zone);
    const time = local.toPlainTime().toString().slice(0, 5);
    const open = hours.some(([opens, closes]) => opens <= time && time < closes);
    if (!open || !spec.isWorking(local.toPlainDate().toString()) || !runningAt(spec, at)) continue;
    used += 1;
    if (used === halfHours) return at + HALF_HOUR;
  }
  return null;
}
