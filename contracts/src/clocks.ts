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

/** A clock as projected at one instant. Times are ms since the epoch. */
export interface ClockProjection {
  clockId: string;
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
