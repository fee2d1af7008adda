import type { Budget } from '@mingjing/contracts';

export type Unit = 'workingDays' | 'calendarDays' | 'workingHours';
export const UNITS: readonly Unit[] = ['workingDays', 'calendarDays', 'workingHours'];

/** A budget as it is typed: how many of what; nothing typed is no budget. */
export interface BudgetDraft {
  count: string;
  unit: Unit;
}

/** A budget to be edited; a planned instant is not one that a matter can have. */
export function draftOf(budget: Budget | undefined): BudgetDraft {
  for (const unit of UNITS) {
    if (budget && unit in budget) return { unit, count: String((budget as Record<Unit, number>)[unit]) };
  }
  return { unit: 'workingDays', count: '' };
}

/** What was typed, as contracts checks it; null where nothing was. */
export function budgetOf({ count, unit }: BudgetDraft): Record<string, number> | null {
  return count.trim() === '' ? null : { [unit]: Number(count) };
}
