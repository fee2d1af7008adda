import { describe, expect, it } from '@jest/globals';
import type { EngineChange, SourceInput } from '../model.ts';
import { defaultRuleset } from '../ruleset/presets.ts';
import { silentCollector } from '../rules/silentCollector.ts';
import { evaluate } from './evaluate.ts';

const raised = (changes: EngineChange[]) =>
  changes.flatMap((change) => (change.type === 'alert.raised' ? [change.alert] : []));

describe('a silent source', () => {
  const source = {
    id: 'housing',
    name: '住建局',
    region: '130681',
    since: 0,
    expectEverySeconds: 300,
    disabled: false,
  };
  const heard = (lastSeenAt: number, time: number, more: Partial<SourceInput> = {}): SourceInput => ({
    ...{ type: 'source', at: time, source: { ...source, lastSeenAt }, silent: false },
    ...more,
  });

  it('is told of once, and taken back when it is heard again', () => {
    expect(evaluate(heard(1000, 301_000), defaultRuleset)).toEqual([]);
    const alerts = raised(evaluate(heard(1000, 301_001), defaultRuleset));
    expect(alerts).toMatchObject([{ kind: 'silent', sourceId: 'housing', at: 301_000 }]);
    expect(alerts[0]?.reason.zh).toContain('超过 5 分钟没有数据');
    expect(evaluate(heard(1000, 400_000, { silent: true }), defaultRuleset)).toEqual([]);
    const cleared = evaluate(heard(500_000, 500_001, { silent: true }), defaultRuleset);
    expect(cleared).toMatchObject([{ type: 'alert.rescinded', fingerprint: alerts[0]?.fingerprint }]);
  });

  it('that could not be judged is taken back, and raised once, as any failure', () => {
    const failed = ['rule-failed|silent-collector|housing'];
    expect(evaluate(heard(1000, 2000, { failed }), defaultRuleset)).toMatchObject([
      { type: 'alert.rescinded', fingerprint: failed[0] },
    ]);
    const broken = {
      ...silentCollector,
      evaluate: () => {
        throw new Error('no such zone');
      },
    };
    const only = { ...defaultRuleset, rules: { 'silent-collector': { enabled: true, parameters: {} } } };
    const raise = (more: Partial<SourceInput>) => evaluate(heard(1000, 2000, more), only, [broken]);
    expect(raised(raise({}))).toMatchObject([{ kind: 'rule-failed', fingerprint: failed[0] }]);
    expect(raise({ failed })).toEqual([]);
  });

  it('is over where the rule is switched off: it would hold the cases of its source for ever', () => {
    const off = { enabled: true, parameters: {}, regions: [{ region: source.region, enabled: false }] };
    const ruleset = { ...defaultRuleset, rules: { ...defaultRuleset.rules, 'silent-collector': off } };
    expect(evaluate(heard(1000, 400_000), ruleset)).toEqual([]);
    expect(evaluate(heard(1000, 400_000, { silent: true }), ruleset)).toMatchObject([
      { type: 'alert.rescinded', fingerprint: 'silent-collector|housing' },
    ]);
  });
});

describe('the disk of a media host', () => {
  type Storage = NonNullable<SourceInput['source']['storage']>;
  const told = (state: Storage['state'], more: Partial<SourceInput> = {}): SourceInput => ({
    ...{ type: 'source', at: 9000, silent: false },
    source: {
      ...{ id: 'media', name: '视频主机', region: '130681', since: 0, lastSeenAt: null },
      ...{ expectEverySeconds: 0, disabled: false, storage: { state, freeBytes: 2 ** 29, since: 5000 } },
    },
    ...more,
  });

  it('that is nearly full is told of once, full anew, and taken back when there is room', () => {
    expect(evaluate(told('ok'), defaultRuleset)).toEqual([]);
    const [low] = raised(evaluate(told('low'), defaultRuleset));
    expect(low).toMatchObject({ kind: 'risk', sourceId: 'media', at: 5000, rule: 'storage-full' });
    expect(low?.reason.zh).toContain('0.5 GiB');
    const standing = [low!.fingerprint];
    expect(evaluate(told('low', { standing }), defaultRuleset)).toEqual([]);
    const full = evaluate(told('full', { standing }), defaultRuleset);
    expect(full).toMatchObject([
      { type: 'alert.rescinded', fingerprint: low?.fingerprint },
      { type: 'alert.raised', alert: { fingerprint: 'storage-full|media|full' } },
    ]);
    expect(evaluate(told('ok', { standing }), defaultRuleset)).toMatchObject([
      { type: 'alert.rescinded', fingerprint: low?.fingerprint, evenClosed: true },
    ]);
  });
});
