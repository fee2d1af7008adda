/** Instants as people in the scope's zone read them. All take ms since the epoch and an IANA zone. */

export type Locale = 'zh-CN' | 'en';

const formats = new Map<string, Intl.DateTimeFormat>();

function partsOf(at: number, zone: string): Record<string, string> {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(zone, format);
  }
  return Object.fromEntries(format.formatToParts(at).map((part) => [part.type, part.value]));
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function monthDay(parts: Record<string, string>, locale: Locale): string {
  const month = Number(parts['month']);
  const day = Number(parts['day']);
  return locale === 'en' ? `${day} ${MONTHS[month - 1] ?? ''}` : `${month}月${day}日`;
}

/** 2026年11月22日, or 22 Nov 2026. */
export function formatDate(at: number, zone: string, locale: Locale): string {
  const parts = partsOf(at, zone);
  return locale === 'en'
    ? `${monthDay(parts, locale)} ${parts['year']}`
    : `${parts['year']}年${monthDay(parts, locale)}`;
}

/** 星期二, or Tuesday. */
export function formatWeekday(at: number, zone: string, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, { timeZone: zone, weekday: 'long' }).format(at);
}

/** 09:41, with seconds 09:41:07. */
export function formatTime(at: number, zone: string, seconds = false): string {
  const { hour = '', minute = '', second = '' } = partsOf(at, zone);
  return seconds ? `${hour}:${minute}:${second}` : `${hour}:${minute}`;
}

/** 2026年11月22日 09:41, with seconds 09:41:07. */
export function formatDateTime(at: number, zone: string, locale: Locale, seconds = false): string {
  return `${formatDate(at, zone, locale)} ${formatTime(at, zone, seconds)}`;
}

/** As short as it stays unambiguous beside `now`: 09:41 today, 11月18日 09:41 this year, else with the year. */
export function formatWhen(at: number, now: number, zone: string, locale: Locale): string {
  if (formatDate(at, zone, locale) === formatDate(now, zone, locale)) return formatTime(at, zone);
  const parts = partsOf(at, zone);
  if (parts['year'] !== partsOf(now, zone)['year']) return formatDateTime(at, zone, locale);
  return `${monthDay(parts, locale)} ${formatTime(at, zone)}`;
}

/** The local date of an instant, YYYY-MM-DD. */
export function localDateOf(at: number, zone: string): string {
  const { year = '', month = '', day = '' } = partsOf(at, zone);
  return `${year}-${month}-${day}`;
}

/**
 * The instant of a local date, or of a date and time as date and time fields give them (2026-11-22, 2026-11-22T09:41),
 * on the clock of a zone. A time that the zone leaves out is taken as much later as the gap is long.
 */
export function instantOfLocal(local: string, zone: string): number {
  const wanted = Date.parse(`${local.length === 10 ? `${local}T00:00` : local}Z`);
  const shown = (at: number): number => {
    const { year, month, day, hour, minute } = partsOf(at, zone);
    return Date.parse(`${year}-${month}-${day}T${hour}:${minute}Z`);
  };
  const first = wanted - (shown(wanted) - wanted);
  return first - (shown(first) - wanted);
}

/** A local date (YYYY-MM-DD) beside another: 11月18日, or 18 Nov; with its year where that is another one. */
export function formatDay(date: string, beside: string, locale: Locale): string {
  if (date.slice(0, 4) !== beside.slice(0, 4)) return formatLocalDate(date, locale);
  return monthDay(partsOf(Date.parse(`${date}T00:00:00Z`), 'UTC'), locale);
}

/** A local date (YYYY-MM-DD) as 2026年11月22日 or 22 Nov 2026. */
export function formatLocalDate(date: string, locale: Locale): string {
  return formatDate(Date.parse(`${date}T00:00:00Z`), 'UTC', locale);
}
