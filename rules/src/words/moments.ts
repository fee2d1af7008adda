import type { Millis, Sentence } from '@mingjing/contracts';
import { DAY_MS } from '../clock/localDay.ts';
import type { ZoneDays } from '../clock/zoneDays.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * A local date in words, 11月18日 and 18 Nov; with its year where that differs from the year of `beside`.
 */
export function dateWords(zone: ZoneDays, instant: Millis, beside: Millis): Sentence {
  const date = new Date(zone.dayOf(instant) * DAY_MS);
  const year = date.getUTCFullYear();
  const other = new Date(zone.dayOf(beside) * DAY_MS).getUTCFullYear() !== year;
  const [month, day] = [date.getUTCMonth(), date.getUTCDate()];
  return {
    zh: `${other ? `${year}年` : ''}${month + 1}月${day}日`,
    en: `${day} ${MONTHS[month] ?? ''}${other ? ` ${year}` : ''}`,
  };
}

/** A local date and time in words, 11月18日 15:30 and 18 Nov 15:30. */
export function momentWords(zone: ZoneDays, instant: Millis, beside: Millis): Sentence {
  const date = dateWords(zone, instant, beside);
  const time = zone.timeOf(instant);
  return { zh: `${date.zh} ${time}`, en: `${date.en} ${time}` };
}

/** A length of time in words: 5 分钟, 2 hours. Rounded to whole units of at least seconds. */
export function lengthWords(ms: number): Sentence {
  const seconds = Math.round(ms / 1000);
  const [n, zh, en] =
    seconds < 120
      ? [seconds, '秒', 'second']
      : seconds < 7200
        ? [Math.round(seconds / 60), '分钟', 'minute']
        : [Math.round(seconds / 3600), '小时', 'hour'];
  return { zh: `${n} ${zh}`, en: `${n} ${en}${n === 1 ? '' : 's'}` };
}
