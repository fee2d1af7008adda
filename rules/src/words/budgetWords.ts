import type { Sentence } from '@mingjing/contracts';
import type { BudgetUnit } from '../clock/spec.ts';

type Unit = Exclude<BudgetUnit, 'until'>;

const UNITS: Record<Unit, { zh: string; en: string }> = {
  workingDays: { zh: '个工作日', en: 'working day' },
  calendarDays: { zh: '日', en: 'calendar day' },
  workingHours: { zh: '个工作小时', en: 'working hour' },
};

/** An amount of a budget in words: 3 个工作日, 1.5 working hours. At most two decimals. */
export function amountWords(amount: number, unit: Unit): Sentence {
  const figure = String(Math.round(amount * 100) / 100);
  const { zh, en } = UNITS[unit];
  return { zh: `${figure} ${zh}`, en: `${figure} ${en}${figure === '1' ? '' : 's'}` };
}
