import { z } from 'zod';
import type { Rung, Sentence } from './alerts.ts';
import { calendarDaySchema, type CalendarBook } from './calendar.ts';
import { matterSchema } from './city.ts';
import { regionCodeSchema } from './region.ts';
import { rulesetSchema, type Ruleset } from './ruleset.ts';
import { textSchema } from './text.ts';
import { instantSchema, openingHoursSchema, type LocalDate, type Millis } from './time.ts';

/** A rule as it describes itself: what administrators read and set. */
export interface RuleInfo {
  id: string;
  version: number;
  subject: 'case' | 'source' | 'group' | 'camera';
  name: Sentence;
  /** 监察依据. */
  basis: Sentence;
  parameters: Record<
    string,
    { meaning: Sentence; unit: string; default: number; minimum: number; maximum: number }
  >;
}

/** Who published a version of the ruleset, when, why, and from when it holds. Times are ms since the epoch. */
export interface RulesetVersion {
  version: number;
  effectiveFrom: Millis;
  createdAt: Millis;
  createdBy: string;
  note: string;
  inForce: boolean;
}

export interface PublishedRuleset extends RulesetVersion {
  body: Ruleset;
}

/** A ruleset to publish, made from version `base`: refused when another was published meanwhile. */
export const rulesetDraftSchema = z.strictObject({
  base: z.int().min(0),
  note: textSchema,
  /** From when it holds; without it, at once. */
  effectiveFrom: instantSchema.optional(),
  body: rulesetSchema.omit({ version: true }),
});
export type RulesetDraft = z.infer<typeof rulesetDraftSchema>;

/** A day of a year at a glance. */
export interface CalendarYearDay {
  date: LocalDate;
  working: boolean;
  /** The holiday's name, or why the day is otherwise. */
  name: string | null;
  /** Who says so: nobody (an ordinary day), the national notice, or an entry for a region. */
  origin: 'ordinary' | 'national' | 'entered';
  /** Of an entry: its region; null where it holds everywhere. */
  region: string | null;
}

/** A year of one region's working calendar. */
export interface CalendarYear {
  year: number;
  region: string;
  version: number;
  /** Its notice is out, or entered: deadlines in it are final. */
  announced: boolean;
  workingDays: number;
  days: CalendarYearDay[];
}

export interface CalendarVersion {
  version: number;
  createdAt: Millis;
  createdBy: string;
  note: string;
}

export interface CalendarAnswer {
  book: CalendarBook;
  versions: CalendarVersion[];
}

/** Changes to the working calendar, made on version `base`: refused when another was published meanwhile. */
export const calendarDraftSchema = z.strictObject({
  base: z.int().min(0),
  note: textSchema,
  /** Days to enter; one for the same region and date takes the place of the one before. */
  put: z.array(calendarDaySchema).max(1000),
  /** Days to take out again. */
  remove: z.array(calendarDaySchema.pick({ region: true, date: true })).max(1000),
  /** Years whose notice is now complete; administrators of the whole centre only. */
  notices: z.array(z.int().min(1970).max(2199)).optional(),
});
export type CalendarDraft = z.infer<typeof calendarDraftSchema>;

/** Changes to 事项: what is given takes the place of what was; null takes it away. */
export const matterChangeSchema = matterSchema
  .omit({ id: true, departmentKind: true, stageLimits: true, delivery: true })
  .partial()
  .extend({
    stageLimits: matterSchema.shape.stageLimits.unwrap().nullable().optional(),
    delivery: matterSchema.shape.delivery.unwrap().nullable().optional(),
  });
export type MatterChange = z.infer<typeof matterChangeSchema>;

/** When a hall is open on a working day; null: the usual hours. */
export const hallChangeSchema = z.strictObject({ hours: openingHoursSchema.nullable() });
export type HallChange = z.infer<typeof hallChangeSchema>;

/** How far a change of rules, calendars, matters or hours has come: how many cases still wait to be judged anew. */
export interface Rejudging {
  waiting: number;
}

/** A changed ruleset to try on stored history, without touching anything. */
export const backtestRequestSchema = z.strictObject({
  body: rulesetSchema.omit({ version: true }),
  /** Which time of history: cards whose instant lies in `from` up to, not including, `to` are compared. */
  from: instantSchema,
  to: instantSchema,
  region: regionCodeSchema.optional(),
});
export type BacktestRequest = z.infer<typeof backtestRequestSchema>;

/** One thing that the changed ruleset decides otherwise. */
export interface BacktestDifference {
  caseId: string;
  caseNo: string;
  region: string;
  rule: string;
  /** The card, or null for an alert that is not one. */
  rung: Rung | null;
  kind: string;
  at: Millis;
  title: Sentence;
  /** Why it would be told, or why it would not. */
  reason: Sentence;
}

export interface BacktestCount {
  /** A rung, or the id of a rule whose findings are not cards. */
  name: string;
  issued: number;
  would: number;
  more: number;
  fewer: number;
}

export interface BacktestResult {
  from: Millis;
  to: Millis;
  events: number;
  cases: number;
  tookMs: number;
  counts: BacktestCount[];
  /** At most the first thousand of each; `counts` holds all. */
  more: BacktestDifference[];
  fewer: BacktestDifference[];
}

export interface BacktestRun {
  id: string;
  state: 'waiting' | 'running' | 'done' | 'cancelled' | 'failed';
  startedBy: string;
  startedAt: Millis;
  /** Events read so far, and how many there are. */
  progress: { events: number; total: number };
  result: BacktestResult | null;
  error: string | null;
}
