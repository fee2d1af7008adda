import type { ClockLevel, Millis, Sentence } from '@mingjing/contracts';
import { zoneFor } from '../clock/plan.ts';
import { amountOf, unitOf, type BudgetUnit } from '../clock/spec.ts';
import type { CaseClock } from '../rule.ts';
import { dateWords, momentWords } from './moments.ts';

interface UnitWords {
  used: string;
  short: string;
  en: string;
}

const UNIT_WORDS: Record<Exclude<BudgetUnit, 'until'>, UnitWords> = {
  workingDays: { used: '个工作日', short: '日', en: 'working day' },
  calendarDays: { used: '日', short: '日', en: 'calendar day' },
  workingHours: { used: '个工作小时', short: '小时', en: 'working hour' },
};

/** A number without more than two decimals: hours are counted in fractions. */
function figure(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function plural(value: number, unit: string): string {
  return `${figure(value)} ${unit}${value === 1 ? '' : 's'}`;
}

const END_WORDS: Record<ClockLevel, { subject: (label: string) => Sentence; done: Sentence }> = {
  case: { subject: () => ({ zh: '', en: '' }), done: { zh: '办结', en: 'completed' } },
  stage: {
    subject: (label) => ({ zh: `环节“${label}”`, en: `step “${label}” ` }),
    done: { zh: '完成', en: 'completed' },
  },
  delivery: { subject: () => ({ zh: '证件', en: 'the licence ' }), done: { zh: '送达', en: 'delivered' } },
  order: {
    subject: (label) => ({ zh: `督办单 ${label} `, en: `order ${label} ` }),
    done: { zh: '回复', en: 'answered' },
  },
  complaint: {
    subject: (label) => ({ zh: `投诉 ${label} `, en: `complaint ${label} ` }),
    done: { zh: '答复', en: 'answered' },
  },
  appeal: {
    subject: (label) => ({ zh: `申诉 ${label} `, en: `appeal ${label} ` }),
    done: { zh: '答复', en: 'decided' },
  },
};

/** What is wrong with a clock that reached a rung, for titles: 逾期未办结, 环节“初审”即将到期. */
export function whatIsLate({ level, label, spec }: CaseClock, exceeded: boolean): Sentence {
  const { subject, done } = END_WORDS[level];
  const { zh, en } = subject(label ?? '');
  if (!exceeded) return { zh: `${zh}即将到期`, en: `${en}nearly due` };
  return spec.endedAt === null
    ? { zh: `${zh}逾期未${done.zh}`, en: `${en}overdue` }
    : { zh: `${zh}逾期${done.zh}`, en: `${en}${done.en} late` };
}

/** When a clock is due, in words: 应于11月18日办结. Null while it has no due date. */
export function dueWords({ level, spec, plan }: CaseClock): Sentence | null {
  if (plan.dueAt === null) return null;
  const zone = zoneFor(spec);
  const inDays = plan.dueDate !== null;
  const when = (inDays ? dateWords : momentWords)(zone, plan.dueAt, spec.startedAt);
  const note = plan.provisional
    ? { zh: '（放假安排未公布，暂定）', en: ' (provisional: no holiday notice yet)' }
    : null;
  return {
    zh: `应于${when.zh}${inDays ? '' : ' 前'}${END_WORDS[level].done.zh}${note?.zh ?? ''}`,
    en: `due ${inDays ? 'on' : 'by'} ${when.en}${note?.en ?? ''}`,
  };
}

/**
 * The arithmetic of a case's clock in one sentence, as it stood at an instant:
 * 办件 ZJ-2026-004417 已用 17 个工作日，承诺 15 日，停表 6 日不计，应于11月18日办结。
 */
export function clockWords(caseNo: string, clock: CaseClock, at: Millis): Sentence {
  const { level, label, spec, plan } = clock;
  const subject = END_WORDS[level].subject(label ?? '');
  const zh: string[] = [];
  const en: string[] = [];
  const unit = unitOf(spec.budget);
  const amount = amountOf(spec.budget);
  if (unit !== 'until' && amount !== null && plan.total !== null) {
    const words = UNIT_WORDS[unit];
    const used = plan.usedAt(at) ?? 0;
    const stopped = plan.suspendedAt(at);
    zh.push(`已用 ${figure(used)} ${words.used}`);
    en.push(`has used ${plural(used, words.en)}`);
    const granted = level === 'case' ? { zh: '承诺', en: 'promised' } : { zh: '限', en: 'allowed' };
    zh.push(`${granted.zh} ${figure(amount)} ${words.short}`);
    en.push(`${figure(amount)} ${granted.en}`);
    if (plan.total > amount) {
      zh.push(`延长 ${figure(plan.total - amount)} ${words.short}`);
      en.push(`${figure(plan.total - amount)} added`);
    }
    if (stopped > 0) {
      zh.push(`停表 ${figure(stopped)} ${words.short}不计`);
      en.push(`${figure(stopped)} suspended not counted`);
    }
  }
  const due = dueWords(clock);
  if (due) {
    zh.push(due.zh);
    en.push(due.en);
  }
  return {
    zh: `办件 ${caseNo} ${subject.zh}${zh.join('，')}。`,
    en: `Case ${caseNo} ${subject.en}${en.join(', ')}.`,
  };
}
