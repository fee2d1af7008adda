import { describe, expect, it } from '@jest/globals';
import { of, Subject, toArray, firstValueFrom } from 'rxjs';
import type { Ruleset } from '@mingjing/contracts';
import { at, cardsOf, event, look } from '../../test/events.ts';
import type { EngineChange } from '../model.ts';
import { caseRule } from '../rule.ts';
import { compileRuleset } from '../ruleset/compile.ts';
import { defaultRuleset, exceededFirstLadder, orderLadder } from '../ruleset/presets.ts';
import { overdue } from '../rules/overdue.ts';
import { shippedRules } from '../rules/registry.ts';
import { engine } from './engine.ts';
import { evaluate, verdictsOf } from './evaluate.ts';

const accepted = event('case.accepted', '2026-10-20T09:12:00+08:00', {
  matter: 'construction-permit',
  officer: '11',
});
const stopped = event('case.suspended', '2026-10-28T10:05:00+08:00', {
  procedure: 'expert-review',
  approver: '02',
});
const resumed = event('case.resumed', '2026-11-05T08:50:00+08:00');
const running = [accepted, stopped, resumed];

function ofType<T extends EngineChange['type']>(
  changes: EngineChange[],
  type: T,
): Extract<EngineChange, { type: T }>[] {
  return changes.filter((change): change is Extract<EngineChange, { type: T }> => change.type === type);
}

const raised = (changes: EngineChange[]) => ofType(changes, 'alert.raised').map((change) => change.alert);

describe('cards', () => {
  it('come when their rung is reached, with the arithmetic in a sentence', () => {
    const changes = evaluate(look(running, '2026-11-19T00:00:00+08:00'), defaultRuleset);
    expect(cardsOf(changes).map((card) => card.rung)).toEqual(['notice', 'yellow', 'red']);
    const red = ofType(changes, 'card.issued').at(-1);
    expect(red?.card).toMatchObject({
      clockId: 'case:130681:ZJ-2026-004417',
      at: at('2026-11-19T00:00:00+08:00'),
    });
    expect(red?.alert.title.zh).toBe('住建局“建筑工程施工许可”逾期未办结');
    expect(red?.alert.reason).toEqual({
      zh: '办件 ZJ-2026-004417 已用 16 个工作日，承诺 15 日，停表 6 日不计，应于11月18日办结。',
      en: 'Case ZJ-2026-004417 has used 16 working days, 15 promised, 6 suspended not counted, due on 18 Nov.',
    });
    expect(ofType(changes, 'clock')[0]).toMatchObject({
      clock: { dueDate: '2026-11-18', overdue: true },
      nextAt: null,
    });
  });

  it('come once, and tell when to look again', () => {
    const first = evaluate(look(running, '2026-11-17T00:00:00+08:00'), defaultRuleset);
    expect(cardsOf(first).map((card) => card.rung)).toEqual(['notice', 'yellow']);
    expect(ofType(first, 'clock')[0]?.nextAt).toBe(at('2026-11-19T00:00:00+08:00'));
    const again = evaluate(
      look(running, '2026-11-17T00:00:00+08:00', { issued: cardsOf(first) }),
      defaultRuleset,
    );
    expect(again.map((change) => change.type)).toEqual(['clock']);
  });

  it('do not come after the end, and are the same however late the look', () => {
    const inTime = [...running, event('case.decided', '2026-11-18T23:00:00+08:00', { outcome: 'granted' })];
    expect(
      cardsOf(evaluate(look(inTime, '2026-12-30T00:00:00+08:00'), defaultRuleset)).map((card) => card.rung),
    ).toEqual(['notice', 'yellow']);
    const late = [...running, event('case.decided', '2026-11-19T09:00:00+08:00', { outcome: 'granted' })];
    const red = ofType(evaluate(look(late, '2026-12-30T00:00:00+08:00'), defaultRuleset), 'card.issued').at(
      -1,
    );
    expect(red?.alert).toMatchObject({ kind: 'red', title: { zh: '住建局“建筑工程施工许可”逾期办结' } });
    expect(red?.card.reason.zh).toContain('已用 16 个工作日');
  });

  it('are rescinded with the reason when a late event tells otherwise', () => {
    const now = '2026-11-20T09:00:00+08:00';
    const issued = cardsOf(evaluate(look(running, now), defaultRuleset));
    const corrected = [
      ...running,
      event('case.decided', '2026-11-16T10:00:00+08:00', { outcome: 'granted' }),
    ];
    const changes = evaluate(look(corrected, now, { issued }), defaultRuleset);
    const rescinded = ofType(changes, 'card.rescinded');
    expect(rescinded.map((change) => change.rung)).toEqual(['yellow', 'red']);
    expect(rescinded[1]?.reason.zh).toBe(
      '时限重算：应于11月18日办结，已于11月16日 10:00 办结，早于红牌的 11月19日 00:00。',
    );
    expect(rescinded[1]?.fingerprint).toBe('card|case:130681:ZJ-2026-004417|red');
  });

  it('are rescinded when a suspension comes to light, or the acceptance is taken back', () => {
    const now = '2026-11-20T09:00:00+08:00';
    const issued = cardsOf(evaluate(look([accepted], now), defaultRuleset));
    expect(issued).toHaveLength(3);
    const open = ofType(
      evaluate(look([accepted, stopped], now, { issued }), defaultRuleset),
      'card.rescinded',
    );
    expect(open.map((change) => change.reason.zh)).toContain('时限重算：停表中，尚未到红牌。');
    const submitted = event('case.submitted', '2026-10-20T09:00:00+08:00');
    const takenBack = event('case.corrected', '2026-11-19T09:00:00+08:00', { corrects: accepted.id });
    const changes = evaluate(look([submitted, accepted, takenBack], now, { issued }), defaultRuleset);
    expect(ofType(changes, 'card.rescinded')).toHaveLength(3);
    expect(raised(changes).map((alert) => alert.rule)).toEqual(['late-acceptance']);
  });
});

describe('rules', () => {
  const throwing = caseRule({
    ...{
      id: 'throwing',
      version: 1,
      parameters: {},
      name: { zh: '坏规则', en: 'Broken' },
      basis: { zh: '', en: '' },
      looksAt: { zh: '', en: '' },
      cannotTell: { zh: '', en: '' },
    },
    evaluate: () => {
      throw new TypeError('officer is not a number');
    },
  });
  const ruleset: Ruleset = {
    ...defaultRuleset,
    rules: { throwing: { enabled: true, parameters: {} }, overdue: { enabled: true, parameters: {} } },
  };

  it('that throw are told, and do not keep the others from running', () => {
    const changes = evaluate(look(running, '2026-11-19T00:00:00+08:00'), ruleset, [throwing, overdue]);
    expect(cardsOf(changes)).toHaveLength(3);
    expect(raised(changes)).toMatchObject([
      {
        ...{ kind: 'rule-failed', rule: 'throwing', caseNo: 'ZJ-2026-004417' },
        fingerprint: 'rule-failed|throwing|130681:ZJ-2026-004417',
        reason: { en: 'Rule throwing could not judge case ZJ-2026-004417: officer is not a number' },
      },
    ]);
  });

  it('that find something and cannot tell it have failed as well', () => {
    const speechless = caseRule({
      ...throwing,
      parameters: {},
      evaluate: ({ at }) => ({
        outcome: 'fail',
        values: {},
        findings: [
          {
            ...{ kind: 'risk', key: '', at },
            describe: () => {
              throw new TypeError('no words');
            },
          },
        ],
      }),
    });
    const changes = evaluate(look(running, '2026-11-19T00:00:00+08:00'), ruleset, [speechless, overdue]);
    expect(cardsOf(changes)).toHaveLength(3);
    expect(raised(changes)).toMatchObject([
      { kind: 'rule-failed', reason: { en: expect.stringContaining('no words') } },
    ]);
  });

  it('that cannot understand a clock leave its cards alone', () => {
    const limit = { budget: { workingDays: 5 }, zone: 'Mars/Phobos' };
    const issued = cardsOf(evaluate(look(running, '2026-11-19T00:00:00+08:00'), defaultRuleset));
    const odd = [event('case.accepted', '2026-10-20T09:12:00+08:00', { limit })];
    const changes = evaluate(look(odd, '2026-11-19T00:00:00+08:00', { issued }), defaultRuleset);
    expect(changes.map((change) => change.type)).toEqual(['alert.raised']);
    expect(raised(changes)[0]?.reason.en).toContain('zone: "Mars/Phobos" is not known');
  });

  it('find risks, and take back what is no longer true', () => {
    const history = [
      accepted,
      event('case.stage.started', '2026-11-06T10:00:00+08:00', { stage: '复核', officer: '04' }),
      event('case.stage.completed', '2026-11-06T10:00:03+08:00', { stage: '复核' }),
      // Day 15 is 10 November: one day is left.
      event('case.suspended', '2026-11-10T09:00:00+08:00', { procedure: 'correction' }),
      event('case.decided', '2026-11-10T16:00:00+08:00', { officer: '11', outcome: 'refused' }, 'decide'),
    ];
    const now = '2026-11-11T00:00:00+08:00';
    const found = raised(evaluate(look(history, now), defaultRuleset));
    expect(found.map((alert) => alert.rule)).toEqual([
      ...['suspended-before-due', 'step-in-seconds', 'step-out-of-order', 'same-officer'],
      'refusal-without-reason',
    ]);
    expect(found[0]?.reason.zh).toBe(
      '办件 ZJ-2026-004417 于11月10日 09:00 停表，当时只剩 1 日，没有批准人。',
    );
    const standing = found.map((alert) => alert.fingerprint);
    expect(raised(evaluate(look(history, now, { standing }), defaultRuleset))).toEqual([]);
    const mended = [
      ...history,
      event('case.corrected', '2026-11-10T17:00:00+08:00', { corrects: 'decide' }),
      event('case.decided', '2026-11-10T16:00:00+08:00', {
        officer: '02',
        outcome: 'refused',
        reason: '缺少资质',
      }),
    ];
    const changes = evaluate(look(mended, now, { standing }), defaultRuleset);
    expect(ofType(changes, 'alert.rescinded').map((change) => change.fingerprint)).toEqual([
      standing[3],
      standing[4],
    ]);
    // With the decision nothing is left of what was found in it; the others are as true as before.
    const undone = history.concat(
      event('case.corrected', '2026-11-10T17:00:00+08:00', { corrects: 'decide' }),
    );
    const back = ofType(evaluate(look(undone, now, { standing }), defaultRuleset), 'alert.rescinded');
    expect(back.map((change) => change.fingerprint)).toEqual(standing.slice(2));
    // And of a case all of whose events were taken back, nothing.
    const none = history.flatMap((one, index) => [
      one,
      event('case.corrected', `2026-11-10T18:00:0${index}+08:00`, { corrects: one.id }),
    ]);
    const emptied = ofType(evaluate(look(none, now, { standing }), defaultRuleset), 'alert.rescinded');
    expect(emptied.map((change) => change.fingerprint).sort()).toEqual([...standing].sort());
  });

  it('say so when data is missing', () => {
    const verdicts = verdictsOf(
      look([accepted], '2026-10-21T00:00:00+08:00', { matter: null }),
      defaultRuleset,
    );
    expect(Object.fromEntries(verdicts.map(({ rule, verdict }) => [rule.id, verdict?.outcome]))).toEqual({
      overdue: 'not-evaluated',
      'overdue-stage': 'pass',
      'overdue-delivery': 'pass',
      'overdue-order': 'pass',
      'overdue-complaint': 'pass',
      'overdue-appeal': 'pass',
      nearing: 'not-evaluated',
      'predicted-overdue': 'not-evaluated',
      'suspended-before-due': 'not-evaluated',
      'suspension-over-limit': 'pass',
      'extension-without-approver': 'pass',
      'back-dated-acceptance': 'not-evaluated',
      'late-acceptance': 'not-evaluated',
      'step-out-of-order': 'not-evaluated',
      'decided-outside-hall': 'not-evaluated',
      'off-hours': 'not-evaluated',
      'same-officer': 'not-evaluated',
      'refusal-without-reason': 'not-evaluated',
      'step-in-seconds': 'not-evaluated',
    });
  });
});

describe('rulesets', () => {
  it('choose the ladder of the matter, then of the longest region', () => {
    const [exceededFirst, order] = [exceededFirstLadder, orderLadder];
    const ruleset: Ruleset = {
      ...defaultRuleset,
      assignments: [
        { ladder: 'baoding' },
        { ladder: 'exceeded-first', region: '130681' },
        { ladder: 'order', matter: 'urgent' },
      ],
    };
    const { ladderFor } = compileRuleset(ruleset);
    const spec = { startedAt: at('2026-10-20T09:12:00+08:00'), zone: 'Asia/Shanghai' };
    expect(ladderFor('130682', null, 'case', spec)?.id).toBe('baoding');
    expect(ladderFor('130681100', 'x', 'case', spec)).toBe(exceededFirst);
    expect(ladderFor('130681', 'urgent', 'case', spec)).toBe(order);
  });

  it('that are wrong are refused by name', () => {
    const withRule = (id: string, parameters: Record<string, unknown>): Ruleset => ({
      ...defaultRuleset,
      rules: { [id]: { enabled: true, parameters } },
    });
    expect(() => compileRuleset(withRule('overdu', {}), shippedRules)).toThrow(/rules\.overdu is not known/);
    expect(() => compileRuleset(withRule('step-in-seconds', { shortest: '10' }), shippedRules)).toThrow(
      /rules\.step-in-seconds\.parameters\.shortest is "10": expected a number of seconds/,
    );
  });
});

describe('the engine as an operator', () => {
  it('gives what evaluate gives, input by input', async () => {
    const inputs = [look(running, '2026-11-12T00:00:00+08:00'), look(running, '2026-11-19T00:00:00+08:00')];
    const all = await firstValueFrom(of(...inputs).pipe(engine(defaultRuleset), toArray()));
    expect(all).toEqual(inputs.map((input) => evaluate(input, defaultRuleset)));
  });

  it('lets inputs wait for the first ruleset, and judges by the latest', () => {
    const rulesets = new Subject<Ruleset>();
    const inputs = new Subject<ReturnType<typeof look>>();
    const counts: number[] = [];
    inputs.pipe(engine(rulesets)).subscribe((changes) => counts.push(cardsOf(changes).length));
    const input = look(running, '2026-11-19T00:00:00+08:00');
    inputs.next(input);
    expect(counts).toEqual([]);
    rulesets.next(defaultRuleset);
    rulesets.next({ ...defaultRuleset, assignments: [{ ladder: 'exceeded-first' }] });
    inputs.next(input);
    expect(counts).toEqual([3, 2]);
  });
});
