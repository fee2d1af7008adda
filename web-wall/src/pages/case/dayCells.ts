import type { CaseDetail, ClockDay, DayMark, Rung } from '@mingjing/contracts';
import { localDateOf } from '../../format/instants.ts';

export type CaseClock = NonNullable<CaseDetail['clock']>;

/** One day of the strip that explains a deadline. */
export interface DayCell {
  date: string;
  mark: DayMark;
  /** The running number of a counted day. */
  number: number | null;
  /** How many counted days over the budget. */
  over: number | null;
  name: string | null;
  late: boolean;
  /** Not begun when the clock was projected. */
  ahead: boolean;
  today: boolean;
  due: boolean;
  /** The gravest rung of the ladder that is reached on this day. */
  rung: Rung | null;
  /** The tint of a counted day: yellow from the yellow rung on, red once it is late. */
  tint: 'yellow' | 'red' | null;
  /** 10/20 where a month begins, else 21. */
  tick: string;
}

/** Days left out of the middle of a long lateness. */
export interface Gap {
  gap: number;
  from: string;
  to: string;
}

function rungDays(clock: CaseClock): Map<string, Rung> {
  const days = new Map<string, Rung>();
  // Mildest first: where two fall on a day, the graver one stays.
  for (const { rung, at } of clock.rungs) if (at !== null) days.set(localDateOf(at, clock.zone), rung);
  return days;
}

function tickOf(day: ClockDay, before: ClockDay | undefined): string {
  const [, month = '', date = ''] = day.date.split('-');
  const fresh = before?.date.slice(0, 7) !== day.date.slice(0, 7);
  return fresh ? `${Number(month)}/${Number(date)}` : String(Number(date));
}

function tintOf({ number, late, date }: ClockDay, yellowFrom: string | null): DayCell['tint'] {
  if (number === null) return null;
  if (late) return 'red';
  return yellowFrom !== null && date >= yellowFrom ? 'yellow' : null;
}

/** The strip of a clock in days: what each day is, and which rung of the ladder is reached on it. */
export function dayCells(clock: CaseClock): DayCell[] {
  const today = localDateOf(clock.endedAt ?? clock.asOf, clock.zone);
  const rungs = rungDays(clock);
  const yellowFrom = [...rungs].find(([, rung]) => rung === 'yellow')?.[0] ?? null;
  return clock.days.map((day, index) => ({
    ...day,
    over: day.number !== null && day.late && clock.total !== null ? day.number - clock.total : null,
    ahead: day.date > today,
    today: day.date === today,
    due: day.date === clock.dueDate,
    rung: rungs.get(day.date) ?? null,
    tint: tintOf(day, yellowFrom),
    tick: tickOf(day, clock.days[index - 1]),
  }));
}

const HEAD = 10;
const TAIL = 7;

/** Leaves out the middle of a lateness that is too long to be read. */
export function folded(cells: readonly DayCell[]): (DayCell | Gap)[] {
  const first = cells.findIndex(({ late }) => late);
  if (first === -1 || cells.length - first <= HEAD + TAIL + 3) return [...cells];
  const out = cells.slice(first + HEAD, -TAIL);
  const gap: Gap = { gap: out.length, from: out[0]?.date ?? '', to: out.at(-1)?.date ?? '' };
  return [...cells.slice(0, first + HEAD), gap, ...cells.slice(-TAIL)];
}

/** Holidays in the strip, each with the days it takes: 国庆节 10月1日–8日. */
export function holidays(days: readonly ClockDay[]): { name: string; from: string; to: string }[] {
  const found: { name: string; from: string; to: string }[] = [];
  for (const { date, mark, name } of days) {
    if (mark !== 'holiday' || name === null) continue;
    const last = found.at(-1);
    const follows = last?.name === name && Date.parse(date) - Date.parse(last.to) === 86_400_000;
    if (follows) last.to = date;
    else found.push({ name, from: date, to: date });
  }
  return found;
}
