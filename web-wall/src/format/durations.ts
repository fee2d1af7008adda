import type { Budget } from '@mingjing/contracts';
import type { Locale } from './instants.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STEPS = [
  { size: DAY, zh: '天', en: 'day' },
  { size: HOUR, zh: '小时', en: 'hour' },
  { size: MINUTE, zh: '分钟', en: 'minute' },
  { size: SECOND, zh: '秒', en: 'second' },
] as const;

/** 3 个工作日, 1 day. */
export function counted(count: number, zh: string, en: string, locale: Locale): string {
  if (locale === 'zh-CN') return `${count} ${zh}`;
  return `${count} ${en}${count === 1 ? '' : 's'}`;
}

/** An elapsed time in its largest whole unit: 14 秒, 54 分钟, 3 小时. Negative times read as 0. */
export function formatDuration(ms: number, locale: Locale): string {
  const step = STEPS.find(({ size }) => ms >= size) ?? STEPS[STEPS.length - 1];
  if (!step) return '';
  return counted(Math.max(0, Math.floor(ms / step.size)), step.zh, step.en, locale);
}

/** How long ago: 刚刚 under a second, else 2 秒前. */
export function formatAgo(ms: number, locale: Locale): string {
  if (ms < SECOND) return locale === 'zh-CN' ? '刚刚' : 'just now';
  return locale === 'zh-CN' ? `${formatDuration(ms, locale)}前` : `${formatDuration(ms, locale)} ago`;
}

/** A budget: 15 个工作日, 4 个工作小时, 30 天; null for a planned instant, which is told by its date. */
export function formatBudget(budget: Budget, locale: Locale): string | null {
  const unit = unitOf(budget);
  if (!unit) return null;
  return counted(unit.count, unit.zh, unit.en, locale);
}

/** A budget's size and what its unit is called; null for a planned instant. */
export function unitOf(budget: Budget): { count: number; zh: string; en: string } | null {
  if ('workingDays' in budget) return { count: budget.workingDays, zh: '个工作日', en: 'working day' };
  if ('calendarDays' in budget) return { count: budget.calendarDays, zh: '天', en: 'day' };
  if ('workingHours' in budget) return { count: budget.workingHours, zh: '个工作小时', en: 'working hour' };
  return null;
}
