import { calendarNameSchema, parseInstant, regionCodeSchema, type CalendarName } from '@mingjing/contracts';
import { InvalidArgumentError } from 'commander';
import { messageOf } from '../outbox/index.ts';
import { isZone, type Clock } from '../mapping/index.ts';

/** What `mingjing replay` was asked for. */
export interface ReplayOptions {
  mapping?: string;
  /** How many seconds of the log pass in one; Infinity sends as fast as the centre takes. */
  speed: number;
  clock?: Clock;
  calendar?: CalendarName;
  zone?: string;
  region?: string;
  /** RFC 3339; the last event of the log when it is not told. */
  asOf?: string;
  ephemeral?: boolean;
  centre?: string;
  token?: string;
  source?: string;
  json?: boolean;
  /** The number of a case whose arithmetic is told as well. */
  explain?: string;
}

/** `max`, or a number above 0. */
export function parseSpeed(text: string): number {
  const speed = text === 'max' ? Infinity : Number(text);
  if (speed > 0) return speed;
  throw new InvalidArgumentError('expected max or a number above 0');
}

/** `deadline`, or `working-days:N`. */
export function parseClock(text: string): Clock {
  if (text === 'deadline') return 'deadline';
  const days = /^working-days:([1-9]\d{0,4})$/.exec(text)?.[1];
  if (days !== undefined) return { workingDays: Number(days) };
  throw new InvalidArgumentError('expected deadline or working-days:N');
}

export function parseCalendar(text: string): CalendarName {
  const parsed = calendarNameSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(`expected ${calendarNameSchema.options.join(' or ')}`);
}

export function parseZone(text: string): string {
  if (isZone(text)) return text;
  throw new InvalidArgumentError('expected an IANA time zone such as Europe/Amsterdam');
}

export function parseRegion(text: string): string {
  const parsed = regionCodeSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError('expected a division code such as 130681');
}

export function parseAsOf(text: string): string {
  try {
    parseInstant(text);
    return text;
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
}
