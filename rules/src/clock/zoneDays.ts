import { Temporal } from 'temporal-polyfill';
import type { Millis } from '@mingjing/contracts';
import { DAY_MS, dateOf, type DayNumber } from './localDay.ts';

const BLOCK_BITS = 7;
const BLOCK = 1 << BLOCK_BITS;

/**
 * Where the local days of one IANA zone begin, as instants. Temporal answers once per block of days,
 * daylight saving included; after that a look-up is an array access.
 */
export class ZoneDays {
  readonly zone: string;
  readonly #blocks = new Map<number, Float64Array>();

  /** @throws RangeError for a zone that nobody knows */
  constructor(zone: string) {
    try {
      Temporal.PlainDate.from('2000-01-01').toZonedDateTime(zone);
    } catch (cause) {
      throw new RangeError(`zone: "${zone}" is not known: expected an IANA zone such as Asia/Shanghai`, {
        cause,
      });
    }
    this.zone = zone;
  }

  /** The first instant of a local day, ms. */
  startOf(day: DayNumber): Millis {
    const index = day >> BLOCK_BITS;
    const block = this.#blocks.get(index) ?? this.#fill(index);
    return block[day - index * BLOCK] ?? Number.NaN;
  }

  /** The last millisecond of a local day. */
  endOf(day: DayNumber): Millis {
    return this.startOf(day + 1) - 1;
  }

  /** The local day an instant lies in. */
  dayOf(instant: Millis): DayNumber {
    let day = Math.floor(instant / DAY_MS);
    while (this.startOf(day) > instant) day -= 1;
    while (this.startOf(day + 1) <= instant) day += 1;
    return day;
  }

  /**
   * The instant of a time of day, ms.
   * @param minutes minutes after local midnight as the wall clock shows them
   */
  at(day: DayNumber, minutes: number): Millis {
    const start = this.startOf(day);
    // On all but the few days on which the zone changes its offset, the wall clock runs evenly.
    if (this.startOf(day + 1) - start === DAY_MS) return start + minutes * 60_000;
    if (minutes >= 1440) return this.startOf(day + 1);
    const plainTime = Temporal.PlainTime.from({ hour: Math.floor(minutes / 60), minute: minutes % 60 });
    return Temporal.PlainDate.from(dateOf(day)).toZonedDateTime({ timeZone: this.zone, plainTime })
      .epochMilliseconds;
  }

  /** What the wall clock of the zone shows at an instant, "HH:MM". */
  timeOf(instant: Millis): string {
    const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(this.zone);
    return local.toPlainTime().toString({ smallestUnit: 'minute' });
  }

  #fill(index: number): Float64Array {
    const block = new Float64Array(BLOCK);
    let date = Temporal.PlainDate.from('1970-01-01').add({ days: index * BLOCK });
    for (let i = 0; i < BLOCK; i += 1) {
      block[i] = date.toZonedDateTime(this.zone).epochMilliseconds;
      date = date.add({ days: 1 });
    }
    this.#blocks.set(index, block);
    return block;
  }
}

const known = new Map<string, ZoneDays>();

/**
 * The days of a zone, shared by all clocks in it.
 * @throws RangeError for a zone that nobody knows
 */
export function zoneDaysOf(zone: string): ZoneDays {
  let days = known.get(zone);
  if (!days) {
    days = new ZoneDays(zone);
    known.set(zone, days);
  }
  return days;
}
