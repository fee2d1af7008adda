import type { Budget, ClockProjection } from '@mingjing/contracts';
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

function counted(count: number, zh: string, en: string, locale: Locale): string {
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

function unitOf(budget: Budget): { count: number; zh: string; en: string } | null {
  if ('workingDays' in budget) return { count: budget.workingDays, zh: '个工作日', en: 'working day' };
  if ('calendarDays' in budget) return { count: budget.calendarDays, zh: '天', en: 'day' };
  if ('workingHours' in budget) return { count: budget.workingHours, zh: '个工作小时', en: 'working hour' };
  return null;
}

function tenths(count: number): number {
  return Math.round(count * 10) / 10;
}

/**
 * Where a clock stands, in its own unit: 剩 3 个工作日, 超 2 个工作日, 停表中; a planned deadline is counted
 * in elapsed time: 剩 4 小时.
 * @param now ms since the epoch
 */
export function formatStanding(clock: ClockProjection, now: number, locale: Locale): string {
  const zh = locale === 'zh-CN';
  if (clock.suspended) return zh ? '停表中' : 'suspended';
  const over = (text: string): string => (zh ? `超 ${text}` : `${text} over`);
  const left = (text: string): string => (zh ? `剩 ${text}` : `${text} left`);
  const unit = unitOf(clock.budget);
  if (unit && clock.total !== null && clock.used !== null) {
    const remaining = tenths(clock.total - clock.used);
    // Late on a day off: no counted day has passed since.
    if (clock.overdue && remaining >= 0) return zh ? '已超期' : 'overdue';
    const text = counted(Math.abs(remaining), unit.zh, unit.en, locale);
    return remaining < 0 ? over(text) : left(text);
  }
  if (clock.dueAt === null) return zh ? '无期限' : 'no deadline';
  const rest = clock.dueAt - (clock.endedAt ?? now);
  return rest < 0 ? over(formatDuration(-rest, locale)) : left(formatDuration(rest, locale));
}
