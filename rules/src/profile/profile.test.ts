import { describe, expect, it } from '@jest/globals';
import type { StoredObservation } from '@mingjing/contracts';
import { at, event, folded, look, permit, zhuozhou } from '../../test/events.ts';
import { foundBy, sentences, verdict } from '../../test/judge.ts';
import { evaluate } from '../engine/evaluate.ts';
import type { CaseInput, GroupInput } from '../model.ts';
import { defaultRuleset } from '../ruleset/presets.ts';
import { learnProfiles, type ClosedCase } from './learn.ts';
import { groupId, type Profiles } from './profiles.ts';

const place = { matter: permit, region: zhuozhou };
const facts = { matter: permit.id, department: 'housing' };
const day = (date: string, time: string): string => `2026-${date}T${time}:00+08:00`;

/** A case that enters 复核 on 8 June (counted day 5) and ends `more` working days later. */
function closed(more: number, officer = '11', minutes = 30): ClosedCase {
  const ends = ['06-08', '06-09', '06-10', '06-11', '06-12', '06-15', '06-16'][more] ?? '06-17';
  const state = folded([
    event('case.accepted', day('06-01', '09:00'), facts),
    event('case.stage.started', day('06-08', '09:00'), { stage: '复核', department: 'housing' }),
    event(
      'case.stage.completed',
      `2026-06-08T${String(9 + Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}:00+08:00`,
      {
        ...{ stage: '复核', officer },
      },
    ),
    event('case.decided', day(ends, '16:00'), { outcome: 'granted', officer: '02' }),
  ]);
  return { state, place };
}

/** Numbers from a fixed beginning, as a shuffle needs them. */
function shuffled<T>(items: readonly T[]): T[] {
  let seed = 7;
  const next = (): number => (seed = (seed * 48_271) % 2_147_483_647);
  return items
    .map((item) => ({ item, order: next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

describe('what is learned from closed cases', () => {
  const cases = Array.from({ length: 60 }, (_, index) => closed(2 + (index % 5)));

  it('is the same whatever the order in which they come', () => {
    expect(learnProfiles(shuffled(cases))).toEqual(learnProfiles(cases));
  });

  it('is how much of the budget was still needed, in its unit', () => {
    const { needs, cases: learned } = learnProfiles(cases);
    expect(learned).toBe(60);
    const [entered] = Object.entries(needs).filter(([key]) => key.includes('true'));
    expect(entered?.[1].cases).toBe(60);
    expect(Math.round(entered?.[1].median ?? 0)).toBe(4);
    expect(Math.round(entered?.[1].p75 ?? 0)).toBe(5);
  });

  it('leaves out what is open, withdrawn or of no known matter', () => {
    const withdrawn = folded([
      event('case.accepted', day('06-01', '09:00'), facts),
      event('case.withdrawn', day('06-02', '09:00')),
    ]);
    const profiles = learnProfiles([
      { state: withdrawn, place },
      { ...closed(3), place: { ...place, matter: null } },
    ]);
    expect(profiles).toMatchObject({ cases: 1, needs: {}, groups: [] });
  });
});

describe('a case that is expected to be overdue', () => {
  const profiles = learnProfiles(Array.from({ length: 40 }, () => closed(6)));
  // 15 working days from 20 October: due on 10 November.
  const accepted = event('case.accepted', day('10-20', '09:00'), facts);
  const enters = (date: string): StoredObservation =>
    event('case.stage.started', day(date, '10:00'), { stage: '复核' });
  const input = (events: StoredObservation[], more: Partial<CaseInput> = {}): CaseInput =>
    look(events, day('11-09', '11:00'), { profiles, ...more });

  it('is told with the reason, when it enters a stage with less left than such cases need', () => {
    const late = input([accepted, enters('11-05')]);
    expect(foundBy('predicted-overdue', late)).toEqual([['', at(day('11-05', '10:00'))]]);
    expect(sentences('predicted-overdue', late)[0]?.zh).toBe(
      '办件 ZJ-2026-004417：同类办件从进入环节“复核”到办结通常还需 6 个工作日（40 件中位数，四分之三在 6 个工作日以内），本件当时只剩 3 个工作日。',
    );
  });

  it('is not told when enough is left, nobody knows, or too few such cases are known', () => {
    expect(verdict('predicted-overdue', input([accepted, enters('10-30')])).outcome).toBe('pass');
    const late = [accepted, enters('11-05')];
    expect(verdict('predicted-overdue', input(late, { profiles: null })).outcome).toBe('not-evaluated');
    const few = learnProfiles(Array.from({ length: 10 }, () => closed(6)));
    expect(verdict('predicted-overdue', input(late, { profiles: few })).outcome).toBe('not-evaluated');
    expect(verdict('predicted-overdue', input([accepted])).outcome).toBe('not-evaluated');
  });

  it('is not told of a hair’s breadth, does not flap, and is taken back once it ends in time', () => {
    const standing = ['predicted-overdue|130681:ZJ-2026-004417'];
    const close = [accepted, enters('11-03')];
    expect(verdict('predicted-overdue', input(close)).outcome).toBe('pass');
    expect(verdict('predicted-overdue', input(close, { standing })).outcome).toBe('fail');
    const done = [...close, event('case.decided', day('11-09', '10:00'), { outcome: 'granted' })];
    const changes = evaluate(input(done, { standing }), defaultRuleset);
    expect(changes.filter((change) => change.type === 'alert.rescinded')).toMatchObject([
      { fingerprint: standing[0], reason: { zh: '已在期限内办结，预测没有应验。' } },
    ]);
  });
});

describe('an officer against the peers', () => {
  const team = (slowest: number): Profiles =>
    learnProfiles(
      ['11', '12', '13', '14', '15', '16', '17'].flatMap((officer, index) =>
        Array.from({ length: 60 }, (_, one) =>
          closed(1, officer, index === 0 ? slowest : 18 + ((index + one) % 5)),
        ),
      ),
    );
  const input = (profiles: Profiles, id: string, more: Partial<GroupInput> = {}): GroupInput => {
    const group = profiles.groups.find((one) => one.kind === 'officer' && one.id === id);
    if (!group) throw new Error(`nothing was learned of officer ${id}`);
    return { type: 'group', at: at(day('06-20', '00:00')), group, profiles, ...more };
  };

  it('is told when far slower or far quicker than all others', () => {
    const slow = evaluate(
      input(team(150), '11', { matters: new Map([[permit.id, permit]]) }),
      defaultRuleset,
    );
    expect(slow).toMatchObject([
      {
        type: 'alert.raised',
        alert: { fingerprint: 'peer-outlier|officer:130681:11|slow', officer: '11', kind: 'risk' },
      },
    ]);
    expect(JSON.stringify(slow)).toContain('6 个同类人员');
    expect(evaluate(input(team(1), '11'), defaultRuleset)).toMatchObject([
      { alert: { fingerprint: 'peer-outlier|officer:130681:11|fast' } },
    ]);
  });

  it('is one of many otherwise, and taken back when it is so again', () => {
    const even = team(25);
    expect(evaluate(input(even, '11'), defaultRuleset)).toEqual([]);
    expect(evaluate(input(team(150), '12'), defaultRuleset)).toEqual([]);
    const standing = [`peer-outlier|${groupId(input(even, '11').group)}|slow`];
    expect(evaluate(input(even, '11', { standing }), defaultRuleset)).toMatchObject([
      { type: 'alert.rescinded', fingerprint: standing[0] },
    ]);
  });

  it('is not judged among few, and keeps what was told of it', () => {
    const profiles = learnProfiles(
      Array.from({ length: 60 }, (_, one) =>
        closed(1, one % 2 === 0 ? '11' : '12', one % 2 === 0 ? 170 : 10),
      ),
    );
    const standing = ['peer-outlier|officer:130681:11|slow'];
    expect(evaluate(input(profiles, '11', { standing }), defaultRuleset)).toEqual([]);
  });
});
