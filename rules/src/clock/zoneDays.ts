import { Temporal } from 'temporal-polyfill';
import type { Millis } from '@mingjing/contracts';
import { DAY_MS, dayNumberOf, type DayNumber } from './localDay.ts';

const MINUTE = 60_000;
const BLOCK_BITS = 7;
const BLOCK = 1 << BLOCK_BITS;

/** From an instant up to, not including, another; ms. */
export interface Span {
  from: Millis;
  to: Millis;
}

/** Half a day: no zone changes its offset by more, unless it crosses the date line. */
const LONGEST_CHANGE_NS = 12 * 3_600_000_000_000;

/**
 * Dates that a zone left out when it crossed the date line to the west, since 1970: in Apia, 29 December
 * 2011 was followed by the 31st. Such a date is no local day.
 */
function skippedDays(zone: string): DayNumber[] {
  const from = Temporal.Instant.from('1970-01-01T00:00:00Z').toZonedDateTimeISO(zone);
  const to = Temporal.Instant.from('2100-01-01T00:00:00Z').toZonedDateTimeISO(zone);
  if (to.offsetNanoseconds - from.offsetNanoseconds <= LONGEST_CHANGE_NS) return [];
  const skipped: DayNumber[] = [];
  let before = from;
  for (;;) {
    const after = before.getTimeZoneTransition('next');
    if (!after || after.epochMilliseconds > to.epochMilliseconds) return skipped;
    if (after.offsetNanoseconds - before.offsetNanoseconds > LONGEST_CHANGE_NS) {
      skipped.push(dayNumberOf(after.toPlainDate().subtract({ days: 1 }).toString()));
    }
    before = after;
  }
}

/**
 * Where the local days of one IANA zone begin, as instants. Temporal answers once per block of days,
 * daylight saving included; after that a look-up is an array access.
 */
export class ZoneDays {
  /** As the database of zones writes it: Asia/Shanghai, also of asia/shanghai. */
  readonly zone: string;
  /** Dates that are no local day here; empty in all but a few zones of the Pacific. In order. */
  readonly skipped: readonly DayNumber[];
  readonly #blocks = new Map<number, Float64Array>();

  /** @throws RangeError for a zone that nobody knows */
  constructor(zone: string) {
    try {
      this.zone = Temporal.PlainDate.from('2000-01-01').toZonedDateTime(zone).timeZoneId;
    } catch (cause) {
      throw new RangeError(`zone: "${zone}" is not known: expected an IANA zone such as Asia/Shanghai`, {
        cause,
      });
    }
    this.skipped = skippedDays(this.zone);
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
   * When the wall clock of a local day shows a time within one of the openings: instants, in order. Where
   * the clocks are put forward the hour that nobody sees is missing, where they are put back the one that is
   * seen twice comes twice.
   * @param openings minutes after midnight as the wall clock shows them, in order
   */
  spansOf(day: DayNumber, openings: readonly (readonly [number, number])[]): Span[] {
    const start = this.startOf(day);
    // On all but the few days on which the zone changes its offset, the wall clock runs evenly.
    if (this.startOf(day + 1) - start === DAY_MS) {
      return openings.map(([opens, closes]) => ({
        from: start + opens * MINUTE,
        to: start + closes * MINUTE,
      }));
    }
    const spans: Span[] = [];
    for (const { from, to, wall } of this.#stretches(day)) {
      for (const [opens, closes] of openings) {
        const span = {
          from: Math.max(from, from + opens * MINUTE - wall),
          to: Math.min(to, from + closes * MINUTE - wall),
        };
        if (span.to > span.from) spans.push(span);
      }
    }
    return spans.sort((a, b) => a.from - b.from);
  }

  /** A day cut where the zone changes its offset; `wall` is what the wall clock shows at `from`, ms after midnight. */
  #stretches(day: DayNumber): (Span & { wall: Millis })[] {
    const stretches: (Span & { wall: Millis })[] = [];
    const end = this.startOf(day + 1);
    let from = this.startOf(day);
    while (from < end) {
      const local = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(this.zone);
      const change = local.getTimeZoneTransition('next')?.epochMilliseconds ?? end;
      const to = Math.min(change, end);
      stretches.push({ from, to, wall: from + local.offsetNanoseconds / 1e6 - day * DAY_MS });
      from = to;
    }
    return stretches;
  }

  /** What the wall clock of the zone shows at an instant, "HH:MM". */
  timeOf(instant: Millis): string {
    const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(this.zone);
    return local.toPlainTime().toString({ smallestUnit: 'minute' });
  }

  /** An instant in RFC 3339 with the offset of the zone; in UTC where the offset has seconds. */
  momentOf(instant: Millis): string {
    const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(this.zone);
    if (local.offsetNanoseconds % (MINUTE * 1e6) !== 0) return local.toInstant().toString();
    return local.toString({ timeZoneName: 'never' });
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
  const days = known.get(zone);
  if (days) return days;
  const made = new ZoneDays(zone);
  // Kept under its one proper name: however a zone is written, no more is kept than there are zones.
  const same = known.get(made.zone);
  if (!same) known.set(made.zone, made);
  return same ?? made;
}
