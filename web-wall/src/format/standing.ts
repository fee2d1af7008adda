import type { CaseSummary, ClockProjection } from '@mingjing/contracts';
import { counted, formatDuration, unitOf } from './durations.ts';
import { localDateOf } from './instants.ts';
import type { Locale } from './instants.ts';

export interface Standing {
  text: string;
  tone: 'over' | 'today' | 'left' | 'none';
}

type Words = Record<'suspended' | 'inTime' | 'overdue' | 'today' | 'never', string> & {
  over: (amount: string) => string;
  left: (amount: string) => string;
};

const WORDS: Record<Locale, Words> = {
  'zh-CN': {
    suspended: '停表中',
    inTime: '按时',
    overdue: '已超期',
    today: '今日到期',
    never: '无期限',
    over: (amount) => `超 ${amount}`,
    left: (amount) => `剩 ${amount}`,
  },
  en: {
    suspended: 'suspended',
    inTime: 'in time',
    overdue: 'overdue',
    today: 'due today',
    never: 'no deadline',
    over: (amount) => `${amount} over`,
    left: (amount) => `${amount} left`,
  },
};

/** What remains, negative when it is exceeded, and its size in words: in the clock's own unit, else in elapsed time. */
function remainderOf(clock: ClockProjection, dueAt: number, at: number, locale: Locale): [number, string] {
  const unit = unitOf(clock.budget);
  if (!unit || clock.total === null || clock.used === null) {
    return [dueAt - at, formatDuration(Math.abs(dueAt - at), locale)];
  }
  const rest = Math.round((clock.total - clock.used) * 10) / 10;
  return [rest, counted(Math.abs(rest), unit.zh, unit.en, locale)];
}

/**
 * Where a case stands with its limit, in lists and on its page, in the unit of the limit itself: 剩 3 个工作日,
 * 今日到期, 超 2 个工作日, 停表中, 按时; a planned deadline is counted in elapsed time: 剩 4 小时.
 * @param now ms since the epoch
 * @returns null for a case without a clock
 */
export function formatStanding(
  { clock, endedAt }: Pick<CaseSummary, 'clock' | 'endedAt'>,
  now: number,
  locale: Locale,
): Standing | null {
  if (!clock) return null;
  const words = WORDS[locale];
  const { dueAt, dueDate, zone } = clock;
  if (clock.suspended) return { text: words.suspended, tone: 'none' };
  if (dueAt === null) return { text: words.never, tone: 'none' };
  const at = endedAt ?? now;
  const [rest, amount] = remainderOf(clock, dueAt, at, locale);
  // Late on a day off: no counted day has passed since.
  if (at > dueAt) return { text: rest < 0 ? words.over(amount) : words.overdue, tone: 'over' };
  if (endedAt !== null) return { text: words.inTime, tone: 'none' };
  if (dueDate !== null && dueDate === localDateOf(now, zone)) return { text: words.today, tone: 'today' };
  return { text: words.left(amount), tone: 'left' };
}
