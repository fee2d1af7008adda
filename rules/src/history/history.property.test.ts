import { describe, expect, it } from '@jest/globals';
import type { CaseEventKind, StoredObservation } from '@mingjing/contracts';
import fc from 'fast-check';
import { from, toArray, lastValueFrom } from 'rxjs';
import { permit, zhuozhou } from '../../test/events.ts';
import { shippedCalendars } from '../clock/calendars.ts';
import type { EngineChange } from '../model.ts';
import { defaultRuleset } from '../ruleset/presets.ts';
import { history } from './history.ts';
import { HistoryEngine, type HistoryOptions } from './historyEngine.ts';

const START = Date.parse('2026-01-26T01:00:00Z');
const HOUR = 3_600_000;
const END = START + 4000 * HOUR;
const BOUND = 48 * HOUR;

const matters = new Map([
  ['a', { ...permit, id: 'a', stageLimits: { 初审: { workingDays: 2 } }, delivery: { workingDays: 3 } }],
  ['b', { ...permit, id: 'b', promised: { workingHours: 20 } }],
]);
const options = (more: Partial<HistoryOptions> = {}): HistoryOptions => ({
  ruleset: defaultRuleset,
  directory: {
    region: () => zhuozhou,
    matter: (id) => matters.get(id ?? '') ?? null,
    hall: () => null,
    department: () => null,
  },
  calendars: shippedCalendars,
  ...more,
});

const kinds = fc.constantFrom<CaseEventKind>(
  ...(['case.submitted', 'case.accepted', 'case.stage.started', 'case.stage.completed'] as const),
  ...(['case.suspended', 'case.resumed', 'case.extended', 'case.decided', 'case.delivered'] as const),
  ...(['case.corrected', 'order.issued', 'complaint.filed', 'complaint.answered'] as const),
);

const one = fc.record({
  kind: kinds,
  // Quarters of hours over some weeks; many share an instant.
  quarter: fc.integer({ min: 0, max: 700 }).map((n) => n * 2),
  seconds: fc.constantFrom(0, 3),
  caseNo: fc.constantFrom('c1', 'c2', 'c3'),
  officer: fc.constantFrom('11', '08'),
  matter: fc.constantFrom('a', 'b'),
  corrects: fc.nat(24),
  moved: fc.option(fc.nat(700)),
});

/** Cases with corrections, suspensions, orders and complaints, some of it told twice. */
const histories = fc.array(one, { minLength: 1, maxLength: 25 }).map((all) =>
  all.map(
    ({ kind, quarter, seconds, caseNo, officer, matter, corrects, moved }, index): StoredObservation => {
      const observedAt = START + quarter * (HOUR / 4) + seconds * 1000;
      const time = moved === null ? {} : { time: new Date(START + moved * (HOUR / 4)).toISOString() };
      return {
        ...{ seq: index + 1, source: 's', id: `e${index}`, kind, region: '130681', observedAt },
        receivedAt: observedAt + 1000,
        data: {
          ...{
            region: '130681',
            caseNo,
            officer,
            matter,
            stage: '初审',
            procedure: 'hearing',
            outcome: 'granted',
          },
          ...{ by: { workingDays: 2 }, corrects: `e${corrects}`, order: 'o1', complaint: 'k1', ...time },
        },
      };
    },
  ),
);
const withDuplicates = histories.chain((events) =>
  fc.tuple(fc.constant(events), fc.subarray(events)).map(([all, twice]) => [...all, ...twice]),
);

/** Orders of arrival in which nobody comes more than BOUND later than somebody younger. */
const delayed = withDuplicates.chain((events) => {
  const delays = () => fc.array(fc.nat(BOUND), { minLength: events.length, maxLength: events.length });
  const arrive = (by: number[]): StoredObservation[] =>
    events
      .map((event, index) => ({ event, at: event.observedAt + (by[index] ?? 0) }))
      .sort((a, b) => a.at - b.at)
      .map(({ event }) => event);
  return fc.tuple(delays(), delays()).map(([a, b]) => [arrive(a), arrive(b)] as const);
});

function run(events: StoredObservation[], more: Partial<HistoryOptions> = {}) {
  const engine = new HistoryEngine(options(more));
  const changes: EngineChange[] = events.flatMap((event) => engine.take(event));
  changes.push(...engine.finish(END));
  return { changes, engine };
}

/** What stands after changes, told from them alone: what a store that applies them would hold. */
function standingAfter(changes: EngineChange[]): string[] {
  const standing = new Map<string, string>();
  for (const change of changes) {
    if (change.type === 'card.issued') {
      standing.set(change.alert.fingerprint, `${change.alert.fingerprint} ${change.card.at}`);
    } else if (change.type === 'alert.raised') {
      standing.set(change.alert.fingerprint, `${change.alert.fingerprint} ${change.alert.at}`);
    } else if (change.type === 'card.rescinded' || change.type === 'alert.rescinded') {
      if (!standing.delete(change.fingerprint))
        throw new Error(`${change.fingerprint} was taken back and did not stand`);
    }
  }
  return [...standing.values()].sort();
}

describe('the engine over a history', () => {
  it('gives byte-identical changes for every order of arrival within the bound', () => {
    fc.assert(
      fc.property(delayed, ([a, b]) => {
        const [first, second] = [a, b].map((events) => run(events, { latenessMs: BOUND }).changes);
        expect(JSON.stringify(second)).toBe(JSON.stringify(first));
      }),
      { numRuns: 150 },
    );
  });

  it('leaves the same standing whatever the order of arrival, and takes back only what stood', () => {
    const shuffled = withDuplicates.chain((events) =>
      fc.tuple(
        fc.constant(events),
        fc.shuffledSubarray(events, { minLength: events.length }),
        fc.constantFrom(0, HOUR, BOUND),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([events, arrived, latenessMs]) => {
        const ordered = [...events].sort((a, b) => a.observedAt - b.observedAt);
        const expected = run(ordered, { latenessMs });
        const late = run(arrived, { latenessMs });
        expect(standingAfter(late.changes)).toEqual(standingAfter(expected.changes));
        const told = ({ cards, alerts }: ReturnType<HistoryEngine['standing']>) => ({
          cards: cards.map(({ clockId, rung, at }) => ({ clockId, rung, at })),
          alerts,
        });
        expect(told(late.engine.standing())).toEqual(told(expected.engine.standing()));
      }),
      { numRuns: 200 },
    );
  });

  it('gives the same changes when the same history is run again, as an operator, and with events kept elsewhere', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (events) => {
        const first = JSON.stringify(run(events).changes);
        expect(JSON.stringify(run(events).changes)).toBe(first);
        const streamed = await lastValueFrom(from(events).pipe(history(options(), END), toArray()));
        expect(JSON.stringify(streamed.flat())).toBe(first);
        const taken: StoredObservation[] = [];
        const engine = new HistoryEngine(
          options({
            eventsOf: (caseId) => taken.filter(({ data }) => caseId.endsWith(String(data['caseNo']))),
          }),
        );
        const changes = events.flatMap((event) => {
          taken.push(event);
          return engine.take(event);
        });
        expect(JSON.stringify([...changes, ...engine.finish(END)])).toBe(first);
      }),
      { numRuns: 100 },
    );
  });
});
