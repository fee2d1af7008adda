import { z } from 'zod';

/** Observations outside these years are refused: no supervised case is older, no clock reaches further. */
export const EARLIEST_YEAR = 1970;
export const LATEST_YEAR = 2199;

/** Milliseconds since 1970-01-01T00:00Z. */
export type Millis = number;
/** A local date without a zone, YYYY-MM-DD. */
export type LocalDate = string;

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** Whether a month has such a day (Date.parse turns 31 April into 1 May). */
function isRealDay(year: number, month: number, day: number): boolean {
  return day <= 28 || day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/**
 * Reads an RFC 3339 timestamp with an offset, as parseInstant does, and throws nothing.
 * @returns milliseconds since the epoch, or a sentence that says what was expected
 */
export function readInstant(text: string): Millis | string {
  const expected = 'expected a time such as 2026-11-22T09:41:07+08:00';
  if (!RFC3339.test(text)) return `"${text.slice(0, 40)}" is not a time: ${expected}`;
  const year = Number(text.slice(0, 4));
  if (year < EARLIEST_YEAR || year > LATEST_YEAR) {
    return `the year ${year} is out of range: expected ${EARLIEST_YEAR} to ${LATEST_YEAR}`;
  }
  const ms = Date.parse(text);
  if (Number.isNaN(ms) || !isRealDay(year, Number(text.slice(5, 7)), Number(text.slice(8, 10)))) {
    return `"${text}" does not exist: ${expected}`;
  }
  return ms;
}

/**
 * Reads an RFC 3339 timestamp with an offset.
 * @returns milliseconds since the epoch (finer digits are cut off)
 * @throws RangeError that says what was expected
 */
export function parseInstant(text: string): Millis {
  const read = readInstant(text);
  if (typeof read === 'string') throw new RangeError(read);
  return read;
}

/** An RFC 3339 timestamp with an offset, between 1970 and 2199. Kept as the text that came in. */
export const instantSchema = z
  .string()
  .superRefine((text, context) => {
    const read = readInstant(text);
    if (typeof read === 'string') context.addIssue({ code: 'custom', message: read });
  })
  .meta({ format: 'date-time', description: 'RFC 3339 with an offset, between 1970 and 2199' });

/** A local date, YYYY-MM-DD. */
export const localDateSchema = z.iso.date();

const count = z.number().positive().max(100_000);

/**
 * 时限额度: how much time a clock grants. Exactly one unit.
 * `workingHours` counts opening hours; `until` is a planned deadline, compared as an instant.
 */
export const budgetSchema = z
  .union([
    z.strictObject({ workingDays: count.int() }),
    z.strictObject({ calendarDays: count.int() }),
    z.strictObject({ workingHours: count }),
    z.strictObject({ until: instantSchema }),
  ])
  .meta({ id: 'Budget' });
export type Budget = z.infer<typeof budgetSchema>;

/** Which days count: the State Council's working days, or plain Monday to Friday. */
export const calendarNameSchema = z.enum(['cn', 'weekdays']);
export type CalendarName = z.infer<typeof calendarNameSchema>;

/** A budget with the calendar and zone it is counted in, where they differ from the region's own. */
export const limitSchema = z
  .strictObject({
    budget: budgetSchema,
    calendar: calendarNameSchema.optional(),
    zone: z.string().min(1).max(64).optional(),
  })
  .meta({ id: 'Limit' });
export type Limit = z.infer<typeof limitSchema>;

const timeOfDay = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'expected a time of day such as 09:00');

/** Opening hours of a day: "HH:MM" to "HH:MM" in order, not overlapping; the last may end at "24:00". */
export const openingHoursSchema = z
  .array(z.tuple([timeOfDay, timeOfDay]))
  .min(1)
  .refine(
    (openings) =>
      openings.flat().every((time, index, all) => index === 0 || time >= (all[index - 1] ?? '')) &&
      openings.every(([opens, closes]) => opens < closes),
    'expected openings in order that do not overlap',
  );
