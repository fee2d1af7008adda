import type { Millis } from '@mingjing/contracts';
import { openingsOf } from '../clock/hourBudget.ts';
import { DAY_MS, type DayNumber } from '../clock/localDay.ts';
import { DEFAULT_HOURS } from '../clock/spec.ts';
import type { CaseInput, CaseState } from '../model.ts';
import { caseRule, type Finding } from '../rule.ts';
import { caseTitle } from '../words/caseWords.ts';
import { momentWords } from '../words/moments.ts';
import { workplaceOf } from './workplace.ts';

const MINUTE_MS = 60_000;

interface Act {
  what: { zh: string; en: string };
  at: Millis;
}

/** What was done at the counter, and when. */
function actsOf({ acceptedAt, endedAt, endedBy, stages }: CaseState): Act[] {
  const acts: Act[] = [];
  if (acceptedAt !== null) acts.push({ what: { zh: '受理', en: 'accepted' }, at: acceptedAt });
  for (const { stage, completedAt } of stages) {
    if (completedAt === null) continue;
    acts.push({ what: { zh: `完成环节“${stage}”`, en: `“${stage}” completed` }, at: completedAt });
  }
  if (endedBy === 'decided' && endedAt !== null) {
    acts.push({ what: { zh: '作出决定', en: 'decided' }, at: endedAt });
  }
  return acts;
}

type Why = 'hours' | 'day off';

/** Tells of an instant whether its hall was closed, and its local day. */
function closingsOf(input: CaseInput, grace: number): (at: Millis) => { day: DayNumber; why: Why | null } {
  const { zone, calendar } = workplaceOf(input);
  const openings = openingsOf(input.hall?.hours ?? DEFAULT_HOURS);
  return (at) => {
    const day = zone.dayOf(at);
    if (!calendar.isWorking(day)) return { day, why: 'day off' };
    const start = zone.startOf(day);
    const open =
      zone.startOf(day + 1) - start === DAY_MS
        ? openings.some(
            ([opens, closes]) =>
              at >= start + (opens - grace) * MINUTE_MS && at <= start + (closes + grace) * MINUTE_MS,
          )
        : zone
            .spansOf(day, openings)
            .some(({ from, to }) => at >= from - grace * MINUTE_MS && at <= to + grace * MINUTE_MS);
    return { day, why: open ? null : 'hours' };
  };
}

/** 非工作时间办理: handled at the counter while the hall was closed. */
export const offHours = caseRule({
  id: 'off-hours',
  version: 1,
  name: { zh: '非工作时间办理', en: 'Handled off hours' },
  basis: {
    zh: '惯例，非法定：窗口办件应在大厅公示的办公时间内办理；《行政许可法》第三十条（公示）。非工作时间办理本身不违法，仅提示核查。',
    en: 'Custom, not law: counter cases are handled within the hours that the hall publishes; Administrative Licensing Law, art. 30 (publication). Working at other hours is not unlawful in itself: this asks for a look.',
  },
  looksAt: {
    zh: '窗口办件的受理、环节完成、决定，是否在大厅开放时间（没有登记的，按 09:00–12:00、13:30–17:00）以外或非工作日，按所在地时区和工作日历，前后各留余量。同一天只报一次。',
    en: 'Whether a counter case was accepted, a step of it completed or it was decided outside the hall’s opening hours (09:00–12:00 and 13:30–17:00 where none are entered) or on a day off, in the zone and calendar of the place, with some grace. Told once a day.',
  },
  cannotTell: {
    zh: '不是窗口办件，或不知道渠道；或还没有受理。',
    en: 'It is no counter case, or its channel is not known; or nothing was done yet.',
  },
  parameters: {
    grace: {
      meaning: {
        zh: '开放时间前后各多少分钟不算',
        en: 'Minutes before and after opening hours that are let pass',
      },
      unit: 'minutes',
      default: 60,
      minimum: 0,
      maximum: 720,
    },
  },
  evaluate: ({ input, state }, { grace }) => {
    const { channel } = state;
    if (channel !== 'counter')
      return {
        outcome: 'not-evaluated',
        values: { channel },
        missing: 'a case of the counter',
        groundless: true,
      };
    const acts = actsOf(state);
    const values = { channel, acts: acts.length, grace };
    if (acts.length === 0)
      return { outcome: 'not-evaluated', values, missing: 'acceptance', groundless: true };
    const closedAt = closingsOf(input, grace);
    const findings = new Map<DayNumber, Finding>();
    for (const { what, at } of acts) {
      const { day, why } = closedAt(at);
      if (why === null || findings.has(day)) continue;
      findings.set(day, {
        kind: 'risk',
        key: `${day}`,
        at,
        describe: () => {
          const when = momentWords(workplaceOf(input).zone, at, state.acceptedAt ?? at);
          const closed =
            why === 'hours'
              ? { zh: '不在大厅开放时间内', en: 'outside the opening hours of the hall' }
              : { zh: '当天不是工作日', en: 'on a day off' };
          return {
            title: caseTitle(input, { zh: '非工作时间办理', en: 'handled off hours' }),
            reason: {
              zh: `窗口办件 ${state.caseNo} 于${when.zh} ${what.zh}，${closed.zh}。`,
              en: `Counter case ${state.caseNo}: ${what.en} at ${when.en}, ${closed.en}.`,
            },
          };
        },
      });
    }
    if (findings.size === 0) return { outcome: 'pass', values };
    return { outcome: 'fail', values, findings: [...findings.values()] };
  },
});
