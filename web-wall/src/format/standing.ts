import type { CaseSummary } from '@mingjing/contracts';
import { formatDuration } from './durations.ts';
import { localDateOf } from './instants.ts';
import type { Locale } from './instants.ts';

const DAY_MS = 86_400_000;

export interface Standing {
  text: string;
  tone: 'over' | 'today' | 'left' | 'none';
}

function days(count: number, locale: Locale): string {
  if (locale === 'zh-CN') return `${count} 个自然日`;
  return `${count} calendar day${count === 1 ? '' : 's'}`;
}

/** Whole local days from one date to another, both YYYY-MM-DD. */
function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

/** What remains until an instant, or how far it lies behind. */
function inTime(
  dueAt: number,
  at: number,
  zone: string,
  onDays: string | null,
): [number, (locale: Locale) => string] {
  const rest = dueAt - at;
  if (onDays === null) return [rest, (locale) => formatDuration(Math.abs(rest), locale)];
  const count = daysBetween(localDateOf(at, zone), onDays);
  return [count, (locale) => days(Math.abs(count), locale)];
}

/**
 * Where a case in a list stands with its limit, in elapsed days or time: 剩 3 个自然日, 今日到期, 超 2 个自然日, 按时.
 * @param now ms since the epoch
 */
export function formatCaseStanding(item: CaseSummary, now: number, zone: string, locale: Locale): Standing {
  const zh = locale === 'zh-CN';
  if (item.status === 'suspended') return { text: zh ? '停表中' : 'suspended', tone: 'none' };
  if (item.dueAt === null) return { text: '—', tone: 'none' };
  const at = item.endedAt ?? now;
  const [rest, words] = inTime(item.dueAt, at, zone, item.dueDate);
  if (at > item.dueAt) return { text: zh ? `超 ${words(locale)}` : `${words(locale)} over`, tone: 'over' };
  if (item.endedAt !== null) return { text: zh ? '按时' : 'in time', tone: 'none' };
  if (item.dueDate !== null && rest === 0) return { text: zh ? '今日到期' : 'due today', tone: 'today' };
  return { text: zh ? `剩 ${words(locale)}` : `${words(locale)} left`, tone: 'left' };
}
