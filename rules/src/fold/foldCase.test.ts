import { describe, expect, it } from '@jest/globals';
import type { CaseEventKind, StoredObservation } from '@mingjing/contracts';
import fc from 'fast-check';
import { at, event, folded } from '../../test/events.ts';
import { voidedEvents } from './corrections.ts';
import { applyEvent, foldCase } from './foldCase.ts';
import { orderKey } from './order.ts';
import type { CaseState } from '../model.ts';

const kinds = fc.constantFrom<CaseEventKind>(
  ...([
    'case.submitted',
    'case.accepted',
    'case.stage.started',
    'case.stage.completed',
    'case.suspended',
  ] as const),
  ...(['case.resumed', 'case.extended', 'case.decided', 'case.delivered', 'case.withdrawn'] as const),
);

const facts = fc.record(
  {
    officer: fc.constantFrom('11', '08'),
    counter: fc.constantFrom('7', '12'),
    matter: fc.constantFrom('a', 'b'),
    stage: fc.constantFrom('初审', '复核'),
    reason: fc.constant('r'),
  },
  { requiredKeys: ['stage'] },
);

/** Events of one case; many share a timestamp, some are corrections of others. */
function histories(correctionShare: number): fc.Arbitrary<StoredObservation[]> {
  const one = fc.record({
    kind: fc.oneof(
      { weight: 10, arbitrary: kinds },
      { weight: correctionShare, arbitrary: fc.constant<CaseEventKind>('case.corrected') },
    ),
    minute: fc.integer({ min: 0, max: 20 }),
    source: fc.constantFrom('a', 'b', 'b\u0001', ''),
    facts,
    corrects: fc.integer({ min: 0, max: 14 }),
    moved: fc.option(fc.integer({ min: 0, max: 20 })),
  });
  return fc.array(one, { minLength: 1, maxLength: 15 }).map((all) =>
    all.map(({ kind, minute, source, facts: data, corrects, moved }, index) => {
      const procedure = { procedure: 'hearing', by: { workingDays: 5 }, corrects: `e${corrects}` };
      const time = moved === null ? {} : { time: new Date(Date.UTC(2026, 9, 20, 1, moved)).toISOString() };
      const observedAt = new Date(Date.UTC(2026, 9, 20, 1, minute)).toISOString();
      return { ...event(kind, observedAt, { ...data, ...procedure, ...time }, `e${index}`), source };
    }),
  );
}

const shuffled = (correctionShare: number) =>
  histories(correctionShare).chain((events) =>
    fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
  );

describe('foldCase', () => {
  it('does not depend on the order of arrival, nor on what arrives twice', () => {
    fc.assert(
      fc.property(shuffled(3), ([events, arrived]) => {
        expect(foldCase([...arrived, ...arrived.slice(0, 3)])).toEqual(foldCase(events));
      }),
      { numRuns: 300 },
    );
  });

  it('is what applying one event after the other makes, in any order of arrival', () => {
    fc.assert(
      fc.property(shuffled(1), ([, arrived]) => {
        let state: CaseState | null = null;
        arrived.forEach((one, index) => {
          const known = arrived.slice(0, index + 1);
          const next = applyEvent(state, one);
          state = next === 'refold' ? foldCase(known) : next;
          expect(state).toEqual(foldCase(known));
        });
      }),
      { numRuns: 300 },
    );
  });

  it('folds without refolding when events come in order', () => {
    fc.assert(
      fc.property(histories(0), (events) => {
        let state: CaseState | null = null;
        for (const one of events.sort((a, b) => (orderKey(a) < orderKey(b) ? -1 : 1))) {
          const next = applyEvent(state, one);
          if (next === 'refold') throw new Error('refold');
          state = next;
        }
        expect(state).toEqual(foldCase(events));
      }),
      { numRuns: 200 },
    );
  });

  it('leaves the state that it was given unchanged', () => {
    const state = folded([event('case.accepted', '2026-10-20T09:12:00+08:00')]);
    const before = structuredClone(state);
    applyEvent(state, event('case.suspended', '2026-10-28T10:05:00+08:00', { procedure: 'hearing' }));
    expect(state).toEqual(before);
  });

  it('tells the life of a case', () => {
    const state = folded([
      event('case.submitted', '2026-10-20T09:00:00+08:00', { matter: 'construction-permit', title: 'T' }),
      event('case.accepted', '2026-10-20T09:12:00+08:00', { officer: '11', counter: '7' }),
      event('case.stage.started', '2026-10-20T09:12:00+08:00', { stage: '初审', officer: '08' }),
      event('case.stage.completed', '2026-10-22T16:40:00+08:00', { stage: '初审' }),
      event('case.suspended', '2026-10-28T10:05:00+08:00', { procedure: 'expert-review', approver: '02' }),
      event('case.resumed', '2026-11-05T08:50:00+08:00'),
      event('case.decided', '2026-11-06T15:20:00+08:00', {
        officer: '04',
        outcome: 'refused',
        reason: '缺少资质',
      }),
      event('case.stage.started', '2026-11-06T15:30:00+08:00', { stage: '送达' }),
    ]);
    expect(state).toMatchObject({
      ...{ caseId: '130681:ZJ-2026-004417', status: 'decided', stage: '送达', matter: 'construction-permit' },
      ...{
        acceptedAt: at('2026-10-20T09:12:00+08:00'),
        acceptedBy: '11',
        decidedBy: '04',
        counter: '7',
        officer: '04',
      },
      ...{
        endedAt: at('2026-11-06T15:20:00+08:00'),
        endedBy: 'decided',
        refusalReason: '缺少资质',
        eventCount: 8,
      },
    });
    expect(state.stages[0]).toMatchObject({ officer: '08', completedAt: at('2026-10-22T16:40:00+08:00') });
    expect(state.suspensions).toEqual([
      {
        ...{ from: at('2026-10-28T10:05:00+08:00'), to: at('2026-11-05T08:50:00+08:00') },
        ...{ procedure: 'expert-review', approver: '02', reason: null, limit: null },
      },
    ]);
  });
});

describe('corrections', () => {
  const accepted = event('case.accepted', '2026-10-20T09:12:00+08:00', {}, 'accept');
  const decided = event('case.decided', '2027-11-06T15:20:00+08:00', {}, 'decide');

  it('put an event at its true time, also when the wrong one lies in the future', () => {
    const correction = event('case.corrected', '2026-11-07T09:00:00+08:00', {
      ...{ corrects: 'decide', time: '2026-11-06T15:20:00+08:00' },
    });
    const events = [correction, decided, accepted];
    expect(folded(events)).toMatchObject({ endedAt: at('2026-11-06T15:20:00+08:00'), eventCount: 3 });
    expect([...voidedEvents(events)]).toEqual([decided]);
    const before = folded([accepted, correction]);
    expect(applyEvent(before, decided)).toBe('refold');
  });

  it('take an event back, and can be taken back themselves', () => {
    const takeBack = event('case.corrected', '2026-11-07T09:00:00+08:00', { corrects: 'decide' }, 'c1');
    const again = event('case.corrected', '2026-11-08T09:00:00+08:00', { corrects: 'c1' }, 'c2');
    expect(folded([accepted, decided, takeBack])).toMatchObject({ endedAt: null, status: 'accepted' });
    expect(folded([accepted, decided, takeBack, again])).toMatchObject({ endedAt: decided.observedAt });
  });

  it('leave a withdrawn case where they take everything back', () => {
    const takeBack = event('case.corrected', '2026-10-21T09:00:00+08:00', { corrects: 'accept' });
    expect(folded([accepted, takeBack])).toMatchObject({
      status: 'withdrawn',
      acceptedAt: null,
      eventCount: 2,
    });
    expect(folded([takeBack])).toMatchObject({ caseNo: 'ZJ-2026-004417', status: 'withdrawn' });
    expect(foldCase([])).toBeNull();
  });

  it('reach only events of their own source', () => {
    const foreign = {
      ...event('case.corrected', '2026-11-07T09:00:00+08:00', { corrects: 'decide' }),
      source: 'other',
    };
    expect(folded([accepted, decided, foreign]).endedAt).toBe(decided.observedAt);
  });
});
