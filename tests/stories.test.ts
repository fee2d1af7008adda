/** Plays six weeks of the demo city into the engine and looks what each rule finds: its kind of bad case, and no good one. */
import { beforeAll, expect, test } from '@jest/globals';
import {
  caseOfEvent,
  isCaseEvent,
  parseInstant,
  type CityPlan,
  type StoredObservation,
} from '@mingjing/contracts';
import {
  defaultRuleset,
  evaluate,
  foldCase,
  learnProfiles,
  type CaseState,
  type ClockPlace,
  type EngineChange,
} from '@mingjing/rules';
import { loadCity } from '../collectors/src/simulate/city.ts';
import { playDay } from '../collectors/src/simulate/day.ts';

const DAY = 86_400_000;
const FIRST = Date.parse('2026-09-28T00:00:00Z');
const END = Date.parse('2026-11-07T00:00:00Z');

/** Which rule must find which kind of bad case. */
const CAUGHT_BY: Record<string, string> = {
  'overdue-closed': 'overdue',
  nearing: 'overdue',
  'suspended-before-due': 'suspended-before-due',
  'suspension-over-limit': 'suspension-over-limit',
  'backdated-acceptance': 'back-dated-acceptance',
  'step-in-seconds': 'step-in-seconds',
  'step-skipped': 'step-out-of-order',
  'step-out-of-order': 'step-out-of-order',
  'same-officer': 'same-officer',
  'refused-without-reason': 'refusal-without-reason',
  'decided-outside-hall': 'decided-outside-hall',
  'off-hours': 'off-hours',
  'extension-without-approver': 'extension-without-approver',
};

interface Played {
  story: string;
  state: CaseState;
  rules: Set<string>;
}

const played: Played[] = [];

function placeOf(plan: CityPlan, state: CaseState): ClockPlace {
  const region = plan.regions.find(({ code }) => code === state.region);
  if (!region) throw new Error(`no region ${state.region}`);
  return {
    region,
    matter: plan.matters.find(({ id }) => id === state.matter) ?? null,
    hall: plan.halls.find(({ id }) => id === state.hall) ?? null,
  };
}

function ruleOf(change: EngineChange): string[] {
  return change.type === 'card.issued' || change.type === 'alert.raised' ? [change.alert.rule] : [];
}

beforeAll(async () => {
  const city = await loadCity('demo/baoding.yaml');
  const cases = new Map<string, { story: string; events: StoredObservation[] }>();
  for (let day = FIRST; day < END; day += DAY) {
    for (const { at, source, story, event } of playDay(city, new Date(day).toISOString().slice(0, 10), 1)) {
      const { id, type, time } = event;
      const data = event.data as Record<string, unknown> & { region: string; caseNo: string };
      const caseId = isCaseEvent(type) ? caseOfEvent(data)?.caseId : undefined;
      if (caseId === undefined || at > END + 30 * DAY) continue;
      const one = cases.get(caseId) ?? { story, events: [] };
      // Only some events of a case are held back by a silence; the case's own story counts.
      if (one.story === 'source-silent') one.story = story;
      const told = { seq: one.events.length, source, id, region: data.region, data };
      one.events.push({
        ...told,
        kind: type,
        observedAt: parseInstant(time),
        receivedAt: at,
      });
      cases.set(caseId, one);
    }
  }
  const folded = [...cases.values()].flatMap(({ story, events }) => {
    const state = foldCase(events);
    return state ? [{ story, state, place: placeOf(city.plan, state) }] : [];
  });
  const profiles = learnProfiles(folded);
  for (const { story, state, place } of folded) {
    const input = { type: 'case' as const, at: state.lastEventAt, state, issued: [], standing: [], profiles };
    const { region, matter } = place;
    const hall = city.plan.halls.find(({ id }) => id === state.hall) ?? null;
    const changes = evaluate({ ...input, region, matter, hall }, defaultRuleset);
    played.push({ story, state, rules: new Set(changes.flatMap(ruleOf)) });
  }
}, 120_000);

test.each(Object.entries(CAUGHT_BY))('every case of %s is found by %s', (story, rule) => {
  const told = played.filter((one) => one.story === story);
  expect(told.length).toBeGreaterThan(0);
  expect(told.filter(({ rules }) => !rules.has(rule)).map(({ state }) => state.caseNo)).toEqual([]);
});

test('no good case is found at fault by anything but its clock', () => {
  const good = played.filter(({ story }) => story === 'good');
  expect(good.length).toBeGreaterThan(1000);
  const accused = good.flatMap(({ rules, state }) =>
    [...rules].filter((rule) => !rule.startsWith('overdue')).map((rule) => `${state.caseNo} ${rule}`),
  );
  expect(accused).toEqual([]);
});
