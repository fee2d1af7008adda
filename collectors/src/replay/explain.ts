import type { ClockDay } from '@mingjing/contracts';
import { z } from 'zod';
import type { Centre } from '../outbox/index.ts';

const daySchema = z.object({
  date: z.string(),
  mark: z.enum(['start', 'counted', 'make-up', 'weekend', 'holiday', 'suspended', 'before-hours']),
  number: z.number().nullable(),
  name: z.string().nullable(),
  late: z.boolean(),
});
const clockSchema = z.object({
  budget: z.record(z.string(), z.union([z.number(), z.string()])),
  ...{ zone: z.string(), calendar: z.string(), startedAt: z.number(), endedAt: z.number().nullable() },
  ...{ dueDate: z.string().nullable(), dueAt: z.number().nullable(), provisional: z.boolean() },
  ...{ total: z.number().nullable(), used: z.number().nullable(), overdue: z.boolean(), asOf: z.number() },
  days: z.array(daySchema),
});
const explanationSchema = z.object({ caseId: z.string(), caseNo: z.string(), clock: clockSchema.nullable() });

/** The arithmetic of one case as the centre answered it. */
export type Explanation = z.output<typeof explanationSchema>;

/** Asks the centre for the arithmetic of a case of a source. @throws CentreError, also when there is no such case */
export async function explainCase(
  centre: Pick<Centre, 'get'>,
  asked: { source: string; case: string; asOf: string },
): Promise<Explanation> {
  const answer = await centre.get(`/api/report/clock?${new URLSearchParams(asked).toString()}`);
  return explanationSchema.parse(answer);
}

const WEEKDAYS = ['日 Sun', '一 Mon', '二 Tue', '三 Wed', '四 Thu', '五 Fri', '六 Sat'];
const MARKS: Record<ClockDay['mark'], string> = {
  start: '起算日 the clock starts',
  counted: '计入 counts',
  'make-up': '调休上班，计入 a make-up working day, counts',
  weekend: '周末，不计 weekend',
  holiday: '节假日，不计 holiday',
  suspended: '停表，不计 the clock stood still at its end',
  'before-hours': '无办公时间，不计 no opening hours',
};

function why({ mark, name, number, late }: ClockDay): string {
  // A due date on a day off moves on to a working day, which is not counted either.
  const rolled = number === null && (mark === 'counted' || mark === 'make-up');
  const reason = rolled ? '顺延至此 the due date moves on to it' : MARKS[mark];
  return `${reason}${name === null ? '' : ` (${name})`}${late ? ' · 超期 late' : ''}`;
}

/** The arithmetic as a table to read: date, weekday, running number, why. */
export function explanationTable({ caseId, clock }: Explanation): string {
  if (!clock) return `${caseId}: 没有时限 no clock runs`;
  const moment = (at: number): string =>
    new Date(at).toLocaleString('sv-SE', { timeZone: clock.zone, timeZoneName: 'longOffset' });
  const due = clock.dueDate ?? (clock.dueAt === null ? '–' : moment(clock.dueAt));
  const rows = clock.days.map((day) => {
    const weekday = WEEKDAYS[new Date(`${day.date}T00:00:00Z`).getUTCDay()] ?? '';
    // A planned instant is not counted in days.
    const counts = clock.total !== null && day.number !== null;
    const reason = clock.total === null && day.mark === 'counted' ? (day.late ? '超期 late' : '') : why(day);
    return `  ${day.date}  ${weekday}  ${(counts ? String(day.number) : '–').padStart(4)}  ${reason}`.trimEnd();
  });
  const end =
    clock.endedAt === null ? `在办 open, as of ${moment(clock.asOf)}` : `办结 ended ${moment(clock.endedAt)}`;
  return [
    `${caseId}: ${JSON.stringify(clock.budget)}, ${clock.calendar}, ${clock.zone}`,
    `  受理 started ${moment(clock.startedAt)}; ${end}`,
    `  应于 due ${due}${clock.provisional ? ' (暂定 provisional)' : ''}; ${clock.overdue ? '超期 overdue' : '未超期 in time'}`,
    ...rows,
  ].join('\n');
}
