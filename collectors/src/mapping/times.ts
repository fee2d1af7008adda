import { parseInstant } from '@mingjing/contracts';
import { Temporal } from 'temporal-polyfill';

const HAS_OFFSET = /(?:Z|[+-]\d{2}(?::?\d{2}){0,2})$/i;
const DATE_ONLY = /^\d{4}-?\d{2}-?\d{2}$/;

/**
 * Reads a time as logs write them: RFC 3339, the looser forms of ISO 8601 (`+0200`, a blank for the T),
 * a local time without an offset, or a date alone.
 * @param zone IANA zone of times that carry no offset
 * @param dayEnds a date alone means the last millisecond of that day (a deadline) instead of its first
 * @returns RFC 3339 with an offset; undefined when it is no time, or outside the years that the centre takes
 */
export function readTime(text: string, zone: string, dayEnds = false): string | undefined {
  const trimmed = text.trim();
  for (const attempt of [() => trimmed, () => loosely(trimmed, zone, dayEnds)]) {
    try {
      const time = attempt();
      parseInstant(time);
      return time;
    } catch (error) {
      // Not of this form; what is no time at all is reported by the caller, who knows where it stands.
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return undefined;
}

function loosely(text: string, zone: string, dayEnds: boolean): string {
  if (DATE_ONLY.test(text)) {
    const day = Temporal.PlainDate.from(text);
    if (!dayEnds) return day.toZonedDateTime(zone).toInstant().toString();
    const nextDay = day.add({ days: 1 }).toZonedDateTime(zone).toInstant();
    return nextDay.subtract({ milliseconds: 1 }).toString();
  }
  if (HAS_OFFSET.test(text)) return Temporal.Instant.from(text).toString();
  return Temporal.PlainDateTime.from(text).toZonedDateTime(zone).toInstant().toString();
}

/** Whether a name is an IANA time zone that this machine knows. */
export function isZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
