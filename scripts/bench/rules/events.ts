import type { Region, StoredObservation } from '@mingjing/contracts';
import { defaultRuleset, shippedCalendars, type HistoryOptions } from '@mingjing/rules';

export const REGION = '130681';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** One in so many cases is decided late. */
const LATE_ONE_IN = 20;

const STEPS = [
  { kind: 'case.submitted', after: 0, data: { matter: 'bench-licence', applicant: '保定某建筑公司' } },
  {
    kind: 'case.accepted',
    after: 20 * MINUTE,
    data: { officer: '04', limit: { budget: { workingDays: 15 } } },
  },
  { kind: 'case.stage.completed', after: DAY + HOUR, data: { stage: '初审', officer: '08' } },
  { kind: 'case.decided', after: 6 * DAY, data: { outcome: 'granted', officer: '02' } },
] as const;

/**
 * Ordinary cases of four events each, in the order in which they are observed; one in twenty is decided a month
 * too late.
 * @param start ms since the epoch
 */
export function makeEvents(count: number, start: number): StoredObservation[] {
  const events = Array.from({ length: count }, (_, index): StoredObservation => {
    const number = Math.floor(index / STEPS.length);
    const { kind, after, data } = STEPS[index % STEPS.length] ?? STEPS[0];
    const late = kind === 'case.decided' && number % LATE_ONE_IN === 0 ? 40 * DAY : 0;
    const observedAt = start + number * 2000 + after + late;
    return {
      ...{ seq: index + 1, source: 'bench', id: `e${index}`, kind, region: REGION },
      ...{ observedAt, receivedAt: observedAt + 500 },
      data: { region: REGION, caseNo: `b${number}`, department: '130681-housing', ...data },
    };
  });
  return events.sort((a, b) => a.observedAt - b.observedAt);
}

const region: Region = {
  ...{ code: REGION, name: '涿州市', nameEn: 'Zhuozhou', tier: 'county', parent: null },
  ...{ zone: 'Asia/Shanghai', calendar: 'cn' },
};

/** The shipped ruleset with every rule on, in a city of one county. */
export const world: HistoryOptions = {
  ruleset: defaultRuleset,
  calendars: shippedCalendars,
  directory: { region: () => region, matter: () => null, hall: () => null, department: () => null },
};
