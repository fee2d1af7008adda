import { parseInstant, type ClockDay, type ClockProjection } from '@mingjing/contracts';
import { explainClock, projectClock, zoneDaysOf, type ClockSpec } from '@mingjing/rules';
import type { z } from 'zod';
import { clockLineSchema, type ClockLine } from './schema.ts';

/** The longest explanation: every day of more than a century. */
const LONGEST_EXPLANATION = 40_000;
const HOUR_MS = 3_600_000;

/** What `mingjing clock` writes for a line that it understands. */
export interface ClockAnswer {
  id: string | number;
  /** The due date of a budget in days; else the last instant in time, RFC 3339 in the clock's zone. */
  due: string | null;
  overdue: boolean;
  provisional: boolean;
  /** Days or hours left at the end, or at asOf, never below 0; null for a planned instant. */
  remaining: number | null;
  days?: (ClockDay & { counted: boolean })[];
}

/** What it writes for one that it does not. */
export interface ClockRefusal {
  id: string | number | null;
  /** "field: value: what was expected" */
  error: string;
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function refusalOf(error: z.ZodError, line: unknown): string {
  const unknownField = error.issues.find(({ code }) => code === 'unrecognized_keys');
  const issue = unknownField ?? error.issues[0];
  if (!issue) return 'the line cannot be understood';
  const path = [...issue.path, ...(issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])];
  let value = line;
  for (const key of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
  const message = issue.code === 'unrecognized_keys' ? 'there is no such field' : issue.message;
  const field = path.map(String).join('.') || 'the line';
  return message.startsWith(shown(value)) ? `${field}: ${message}` : `${field}: ${shown(value)}: ${message}`;
}

function specOf(line: ClockLine): ClockSpec {
  return {
    clockId: String(line.id),
    ...{ zone: line.zone, calendar: line.calendar, hours: line.hours, roll: line.roll, budget: line.budget },
    ...{ extensions: line.extensions, suspensions: line.suspensions },
    startedAt: parseInstant(line.start),
    endedAt: line.end === null ? null : parseInstant(line.end),
  };
}

/** Digits finer than a millisecond, which the rules cut off: "…40.0005Z" is 500,000 ns past …40.000. */
function finerThanMs(instant: string): number {
  return Number((/\.\d{3}(\d+)/.exec(instant)?.[1] ?? '').padEnd(6, '0'));
}

/** The planned instant as it was given: that of the budget, or of the extension that reaches furthest. */
function plannedInstant({ budget, extensions }: ClockLine): string | null {
  const given = [budget, ...extensions.map(({ by }) => by)].flatMap((one) =>
    'until' in one ? [one.until] : [],
  );
  return given.reduce<string | null>(
    (latest, one) => (latest === null || isAfter(one, latest) ? one : latest),
    null,
  );
}

/** Compares two instants to the nanosecond. */
function isAfter(one: string, other: string): boolean {
  const ms = parseInstant(one) - parseInstant(other);
  return ms > 0 || (ms === 0 && finerThanMs(one) > finerThanMs(other));
}

function remainingOf({ total, used }: ClockProjection): number | null {
  if (total === null || used === null) return null;
  // Reckoned in whole ms, so that 7.7 h less 1.5 h are 6.2 h.
  return Math.max(0, Math.round(total * HOUR_MS - used * HOUR_MS)) / HOUR_MS;
}

function answerOf(line: ClockLine, explain: boolean): ClockAnswer {
  const spec = specOf(line);
  const judgedAt = line.end ?? line.asOf ?? '';
  const asOf = parseInstant(judgedAt);
  const projection = projectClock(spec, asOf);
  const planned = plannedInstant(line);
  const dueAt = projection.dueAt === null ? null : zoneDaysOf(spec.zone).momentOf(projection.dueAt);
  const answer: ClockAnswer = {
    id: line.id,
    due: planned ?? projection.dueDate ?? dueAt,
    overdue: planned === null ? projection.overdue : isAfter(judgedAt, planned),
    provisional: projection.provisional,
    remaining: remainingOf(projection),
  };
  if (!explain) return answer;
  const days = explainClock(spec, asOf, LONGEST_EXPLANATION);
  return { ...answer, days: days.map((day) => ({ ...day, counted: day.number !== null })) };
}

function idOf(line: unknown): string | number | null {
  const id = (line as { id?: unknown } | null)?.id;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}

/**
 * Answers one line.
 * @param text a line of JSON
 * @param number of the line, from 1; told where no id can be
 */
export function answerLine(text: string, number: number, explain: boolean): ClockAnswer | ClockRefusal {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return {
      id: null,
      error: `line ${number}: ${shown(text)}: expected an object in JSON: ${error.message}`,
    };
  }
  if (typeof line !== 'object' || line === null || Array.isArray(line))
    return { id: null, error: `line ${number}: ${shown(line)}: expected an object in JSON` };
  const parsed = clockLineSchema.safeParse(line);
  if (!parsed.success) return { id: idOf(line), error: refusalOf(parsed.error, line) };
  try {
    return answerOf(parsed.data, explain);
  } catch (error) {
    // The rules name the field: a budget that these opening hours never use up.
    if (error instanceof RangeError) return { id: idOf(line), error: error.message };
    throw error;
  }
}
