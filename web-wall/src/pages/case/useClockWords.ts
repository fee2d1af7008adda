import type { CaseDetail, SuspensionSpan } from '@mingjing/contracts';
import { computed } from 'vue';
import type { ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useFormat } from '../../app/useFormat.ts';
import { formatBudget } from '../../format/durations.ts';
import { formatDay, formatWhen, localDateOf } from '../../format/instants.ts';
import type { Locale } from '../../format/instants.ts';
import { holidays } from './dayCells.ts';
import type { CaseClock } from './dayCells.ts';
import { useNamed } from './useNamed.ts';

type Tell = (key: string, named?: Record<string, string | number>) => string;

/** Instants of a clock in words, in its own zone. */
interface Moments {
  day: (at: number) => string;
  time: (at: number) => string;
  date: (date: string) => string;
}

function momentsOf({ zone, asOf }: CaseClock, locale: Locale): Moments {
  const today = localDateOf(asOf, zone);
  return {
    day: (at) => formatDay(localDateOf(at, zone), today, locale),
    time: (at) => formatWhen(at, asOf, zone, locale),
    date: (date) => formatDay(date, today, locale),
  };
}

function startWords({ budget, startedAt }: CaseClock, tell: Tell, { day, time }: Moments): string {
  if ('workingHours' in budget) return tell('startHours', { date: time(startedAt) });
  if ('until' in budget) return tell('startUntil', { date: time(startedAt) });
  return tell('startDays', { date: day(startedAt) });
}

function daysOffWords({ days, budget }: CaseClock, tell: Tell, { date }: Moments): string[] {
  if (!('workingDays' in budget)) return [];
  // Past the deadline nothing is counted out any more.
  const within = days.filter(({ late }) => !late);
  const off = holidays(within).map(({ name, from, to }) =>
    tell('holiday', { name, range: from === to ? date(from) : `${date(from)}–${date(to)}` }),
  );
  const weekends = within.filter(({ mark }) => mark === 'weekend').length;
  const makeUps = within.filter(({ mark }) => mark === 'make-up').map((day) => date(day.date));
  return [
    ...(weekends > 0 ? [tell('weekendsOut', { count: weekends })] : []),
    ...(off.length > 0 ? [tell('holidaysOut', { list: off.join(tell('and')) })] : []),
    ...(makeUps.length > 0 ? [tell('makeUpIn', { list: makeUps.join(tell('and')) })] : []),
  ];
}

function dueWords({ dueDate, dueAt }: CaseClock, tell: Tell, { date, time }: Moments): string {
  if (dueDate !== null) return tell('dueDays', { date: date(dueDate) });
  return dueAt === null ? tell('noDue') : tell('dueAt', { date: time(dueAt) });
}

/** The arithmetic of a case's deadline in one paragraph, in the order in which it is done. */
export function useClockWords(item: () => CaseDetail): ComputedRef<string> {
  const { t } = useI18n();
  const { locale } = useFormat();
  const named = useNamed();
  const tell: Tell = (key, values = {}) => t(`case.clock.words.${key}`, values);

  function suspensionWords(span: SuspensionSpan, { day }: Moments): string {
    const approver = span.approver === null ? '' : tell('approver', { name: span.approver });
    const values = { from: day(span.from), procedure: named('procedure', span.procedure), approver };
    return span.to === null
      ? tell('suspensionOpen', values)
      : tell('suspension', { ...values, to: day(span.to) });
  }
  function budgetWords(clock: CaseClock, promised: boolean): string[] {
    const budget = formatBudget(clock.budget, locale.value);
    const added = extensionOf(clock);
    const extension = added && formatBudget(added, locale.value);
    return [
      ...(budget === null ? [] : [t(promised ? 'case.head.promised' : 'case.head.limit', { budget })]),
      ...(extension === null ? [] : [tell('extension', { budget: extension })]),
    ];
  }
  return computed(() => {
    const detail = item();
    const { clock, suspensions } = detail;
    if (!clock) return '';
    const moments = momentsOf(clock, locale.value);
    const parts = [
      startWords(clock, tell, moments),
      ...budgetWords(clock, isPromised(detail)),
      ...daysOffWords(clock, tell, moments),
      ...suspensions.map((span) => suspensionWords(span, moments)),
      dueWords(clock, tell, moments),
    ];
    return parts.join(tell('separator')) + tell('end');
  });
}

/** Whether the clock runs on the matter's promised limit, not on one that the case brought itself. */
export function isPromised({ clock, promisedLimit }: CaseDetail): boolean {
  return clock !== null && JSON.stringify(clock.budget) === JSON.stringify(promisedLimit);
}

/** By how much a clock's budget was extended, in its own unit; null where it was not. */
export function extensionOf({ budget, total }: CaseClock): CaseClock['budget'] | null {
  if (total === null) return null;
  if ('workingDays' in budget && total > budget.workingDays) {
    return { workingDays: total - budget.workingDays };
  }
  if ('calendarDays' in budget && total > budget.calendarDays) {
    return { calendarDays: total - budget.calendarDays };
  }
  if ('workingHours' in budget && total > budget.workingHours) {
    return { workingHours: total - budget.workingHours };
  }
  return null;
}
