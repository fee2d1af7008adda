import type { RoutingPolicy } from '@mingjing/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { defaultRouting, defaultRuleset, shippedCalendars } from '@mingjing/rules';
import { openRoutingStand, type RoutingStand } from '../../../tests/helpers/routingStand.ts';
import { takeEffect } from '../administer/enact.ts';
import { inTransaction } from '../store/database.ts';
import type { RoutingDeps } from './step.ts';

let stand: RoutingStand;
const cookies: Record<string, string> = {};
beforeAll(async () => {
  stand = await openRoutingStand();
  cookies['inspector'] = await stand.centre.signIn('inspector');
}, 60_000);
afterAll(() => stand.close());
beforeEach(() => stand.clear());

const raise: RoutingStand['raise'] = (...alerts) => stand.raise(...alerts);
const red: RoutingStand['red'] = (caseNo, change) => stand.red(caseNo, change);
const until: RoutingStand['until'] = (text) => stand.until(text);
const told = () => stand.told();
const historyOf = (id: number) => stand.historyOf(id, cookies['inspector']!);

describe('the policy', () => {
  const under = (kinds: Partial<RoutingPolicy['kinds']>): RoutingDeps['rules'] => ({
    ruleset: () => ({
      ...defaultRuleset,
      routing: { ...defaultRouting, kinds: { ...defaultRouting.kinds, ...kinds } },
    }),
    calendars: () => shippedCalendars,
  });

  test('that no clock can follow keeps nobody else from being told', async () => {
    const normal = stand.deps.rules;
    const yellow = defaultRouting.kinds.yellow!;
    stand.deps.rules = under({ yellow: { ...yellow, acknowledgeHours: 1e9 } });
    const [endless] = await raise(
      red('P-1', { kind: 'yellow', fingerprint: 'card|P-1|yellow', department: null }),
    );
    await raise(red('P-2'));
    await until('2026-11-23T15:00');
    stand.deps.rules = normal;
    expect((await told()).filter((line) => line.includes('P-2'))).toEqual([
      '11-20 16:31 zz-inspector 1 P-2 逾期',
      '11-23 14:01 inspector 1 P-2 逾期',
      '11-23 14:01 leader 1 P-2 逾期',
    ]);
    expect(new Set(stand.undecided)).toEqual(new Set([endless]));
  });

  test('that is published is asked about what stands, and about nothing older than routing itself', async () => {
    const normal = stand.deps.rules;
    const [older] = await raise(red('Q-0'));
    await stand.centre.pool.query('UPDATE alert SET next_at = NULL');
    stand.centre.clock.now += 1000;
    await raise(red('Q-1', { kind: 'risk', fingerprint: 'risk|Q-1', department: null }));
    await until('2026-11-20T16:40');
    stand.deps.rules = under({ red: { ...defaultRouting.kinds.red!, tell: [], escalateTo: [] } });
    const [quiet] = await raise(red('Q-2', { department: 'dz-housing' }));
    await until('2026-11-20T16:50');
    expect(await told()).toEqual(['11-20 16:31 zz-inspector 1 Q-1 逾期']);
    stand.deps.rules = normal;
    await inTransaction(stand.centre.pool, (client) =>
      takeEffect(client, { all: true }, stand.centre.clock.now),
    );
    await until('2026-11-20T16:55');
    expect(await told()).toEqual([
      '11-20 16:31 zz-inspector 1 Q-1 逾期',
      expect.stringContaining('zz-inspector 1 Q-2'),
    ]);
    expect([await historyOf(quiet!), await historyOf(older!)]).toEqual([['raised', 'told'], ['raised']]);
  });
});
