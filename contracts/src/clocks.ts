import { z } from 'zod';
import type { Rung, Sentence } from './alerts.ts';
import type { Budget, CalendarName, LocalDate, Millis } from './time.ts';

/** Why a day of a clock counts or does not. */
export type DayMark = 'start' | 'counted' | 'make-up' | 'weekend' | 'holiday' | 'suspended' | 'before-hours';

/** One local day in the arithmetic of a deadline. */
export interface ClockDay {
  date: LocalDate;
  mark: DayMark;
  /** The running number of a counted day, from 1; null for a day that does not count. */
  number: number | null;
  /** The holiday's name, where there is one: 国庆节. */
  name: string | null;
  /** The day lies after the due date. */
  late: boolean;
}

/** What a clock runs against: a case, one of its stages, its delivery, an order, a complaint or an appeal. */
export const clockLevelSchema = z.enum(['case', 'stage', 'delivery', 'order', 'complaint', 'appeal']);
export type ClockLevel = z.infer<typeof clockLevelSchema>;

/** A clock as projected at one instant. Times are ms since the epoch. */
export interface ClockProjection {
  clockId: string;
  level: ClockLevel;
  /** The stage's name, or the number of the order, complaint or appeal; null for a case and its delivery. */
  label: string | null;
  budget: Budget;
  zone: string;
  calendar: CalendarName;
  startedAt: Millis;
  endedAt: Millis | null;
  /** The due date of a budget in days; null while suspended, and for budgets in hours and instants. */
  dueDate: LocalDate | null;
  /** The last instant that is still in time; null while suspended. */
  dueAt: Millis | null;
  suspended: boolean;
  /** A year of it has no holiday notice yet: the date may move. */
  provisional: boolean;
  /** The whole budget in its own unit, with extensions; null for a planned instant. */
  total: number | null;
  /** What has been used up at the instant of projection, in the same unit. */
  used: number | null;
  overdue: boolean;
}

/** A rung of a clock's ladder and the instant from which it is due; null while it cannot be told. */
export interface RungProjection {
  rung: Rung;
  at: Millis | null;
}

/** Everything a card rests on, as it was when the card was issued. */
export interface CardExplanation {
  rule: string;
  ruleVersion: number;
  ladder: string;
  ladderEn?: string | undefined;
  calendarVersion: number;
  /** What the rule looked at, by name. */
  values: Record<string, string | number | boolean | null>;
  clock: ClockProjection;
  /** The arithmetic, day by day. */
  days: ClockDay[];
}

/** A card that was issued: 预警, 黄牌 or 红牌. */
export interface Card {
  clockId: string;
  rung: Rung;
  at: Millis;
  issuedAt: Millis;
  rulesetVersion: number;
  rescindedAt: Millis | null;
  /** Why it was rescinded. */
  rescindedReason: Sentence | null;
  reason: Sentence;
}
