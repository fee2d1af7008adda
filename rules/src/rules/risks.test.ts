import { describe, expect, it } from '@jest/globals';
import type { StoredObservation } from '@mingjing/contracts';
import { at, event, look, permit } from '../../test/events.ts';
import { foundBy, sentences, verdict } from '../../test/judge.ts';
import type { CaseInput } from '../model.ts';

const submitted = event('case.submitted', '2026-10-20T09:00:00+08:00', { channel: 'counter' });
const accepted = event('case.accepted', '2026-10-20T09:12:00+08:00', { officer: '11' });
const now = '2026-11-02T10:00:00+08:00';
const input = (events: StoredObservation[], time = now, more: Partial<CaseInput> = {}): CaseInput =>
  look(events, time, more);

describe('nearing', () => {
  const complaint = event('complaint.filed', '2026-09-01T09:00:00+08:00', { complaint: 'T1', text: '推诿' });
  const order = event('order.issued', '2026-10-26T09:00:00+08:00', { order: 'D7' });

  it('reminds of an order whose ladder has no notice, a day before', () => {
    // Five working days from 26 October: 2 November; one is left from 30 October on.
    const before = verdict('nearing', input([accepted, order], '2026-10-29T23:00:00+08:00'));
    expect(before).toMatchObject({ outcome: 'pass', lookAt: at('2026-10-30T00:00:00+08:00') });
    const reminded = input([accepted, order], '2026-10-30T00:00:00+08:00');
    expect(foundBy('nearing', reminded)).toEqual([
      ['order:130681:ZJ-2026-004417:D7', at('2026-10-30T00:00:00+08:00')],
    ]);
    expect(sentences('nearing', reminded)[0]?.zh).toBe(
      '办件 ZJ-2026-004417 督办单 D7 已用 4 个工作日，限 5 日，应于11月2日回复。',
    );
  });

  it('leaves clocks alone whose ladder tells in time, and what was done before', () => {
    const answered = event('order.answered', '2026-10-29T09:00:00+08:00', { order: 'D7' });
    expect(verdict('nearing', input([accepted, complaint, order, answered])).outcome).toBe('pass');
    expect(verdict('nearing', input([submitted])).outcome).toBe('not-evaluated');
  });
});

describe('suspension over its limit', () => {
  const stop = (data: Record<string, unknown>): StoredObservation =>
    event('case.suspended', '2026-10-21T10:00:00+08:00', { procedure: 'expert-review', ...data });
  const limit = { limit: { workingDays: 3 } };

  it('is told once the limit is over, also while it is still open', () => {
    const due = verdict('suspension-over-limit', input([accepted, stop(limit)], '2026-10-26T23:00:00+08:00'));
    expect(due).toMatchObject({ outcome: 'pass', lookAt: at('2026-10-27T00:00:00+08:00') });
    expect(
      sentences('suspension-over-limit', input([accepted, stop(limit)], '2026-10-27T00:00:00+08:00'))[0]?.zh,
    ).toBe(
      '办件 ZJ-2026-004417 因专家评审于10月21日 10:00 停表，限 3 个工作日，应于10月26日恢复，逾期未恢复。',
    );
  });

  it('passes when resumed in time, and cannot tell where nobody named a limit', () => {
    const resumed = event('case.resumed', '2026-10-26T17:00:00+08:00');
    expect(verdict('suspension-over-limit', input([accepted, stop(limit), resumed])).outcome).toBe('pass');
    expect(verdict('suspension-over-limit', input([accepted, stop({})])).outcome).toBe('not-evaluated');
    // A hearing has its limit by law.
    const hearing = stop({ procedure: 'hearing' });
    expect(verdict('suspension-over-limit', input([accepted, hearing])).outcome).toBe('pass');
    expect(
      verdict('suspension-over-limit', input([accepted, hearing], '2026-11-20T09:00:00+08:00')).outcome,
    ).toBe('fail');
  });
});

describe('back-dated acceptance', () => {
  const told = (of: StoredObservation, time: string): StoredObservation => ({ ...of, receivedAt: at(time) });
  const started = event('case.stage.started', '2026-10-21T09:00:00+08:00', { stage: '初审' });

  it('is an acceptance before the submission', () => {
    const late = event('case.submitted', '2026-10-21T09:00:00+08:00');
    expect(foundBy('back-dated-acceptance', input([late, accepted])).map(([key]) => key)).toEqual([
      'before-submission',
    ]);
    const skewed = event('case.submitted', '2026-10-20T09:14:00+08:00');
    expect(verdict('back-dated-acceptance', input([skewed, accepted])).outcome).toBe('pass');
  });

  it('is an acceptance told long after its source told of what came later', () => {
    const entered = told(accepted, '2026-10-23T16:00:00+08:00');
    expect(
      foundBy('back-dated-acceptance', input([submitted, entered, started])).map(([key]) => key),
    ).toEqual(['told-late']);
  });

  it('counts an acceptance that was taken back and sent anew from when it was first told', () => {
    const wrong = told(accepted, '2026-10-20T10:05:00+08:00');
    const back = event('case.corrected', '2026-10-23T16:00:00+08:00', { corrects: wrong.id });
    const again = { ...told(accepted, '2026-10-23T16:00:01+08:00'), id: 'sent-anew' };
    expect(verdict('back-dated-acceptance', input([submitted, wrong, started, back, again])).outcome).toBe(
      'pass',
    );
    const late = told(wrong, '2026-10-23T15:59:00+08:00');
    expect(verdict('back-dated-acceptance', input([submitted, late, started, back, again])).outcome).toBe(
      'fail',
    );
  });

  it('is not what a source tells late that was offline, or what another source told', () => {
    const back = '2026-10-23T16:00:00+08:00';
    const offline = [submitted, told(accepted, back), told(started, back)];
    expect(verdict('back-dated-acceptance', input(offline)).outcome).toBe('pass');
    const portal = { ...started, source: 'portal' };
    expect(verdict('back-dated-acceptance', input([submitted, told(accepted, back), portal])).outcome).toBe(
      'pass',
    );
    expect(verdict('back-dated-acceptance', input([accepted])).outcome).toBe('not-evaluated');
    expect(verdict('back-dated-acceptance', input([submitted])).outcome).toBe('not-evaluated');
  });
});

describe('late acceptance', () => {
  const later = (time: string): StoredObservation => event('case.accepted', time);

  it('is more than five working days after the submission', () => {
    expect(verdict('late-acceptance', input([submitted, later('2026-10-27T17:00:00+08:00')])).outcome).toBe(
      'pass',
    );
    const late = input([submitted, later('2026-10-28T09:00:00+08:00')]);
    expect(sentences('late-acceptance', late)[0]?.zh).toBe(
      '办件 ZJ-2026-004417 于10月20日申请，应于10月27日前受理或告知补正，10月28日才受理；依法自10月20日起即为受理。',
    );
    expect(verdict('late-acceptance', input([submitted])).outcome).toBe('fail');
  });

  it('does not count the wait for corrections, and cannot tell without a submission', () => {
    const asked = event('case.suspended', '2026-10-22T09:00:00+08:00', { procedure: 'correction' });
    const mended = event('case.resumed', '2026-10-27T09:00:00+08:00');
    const events = [submitted, asked, mended, later('2026-10-30T09:00:00+08:00')];
    expect(verdict('late-acceptance', input(events)).outcome).toBe('pass');
    expect(verdict('late-acceptance', input([accepted])).outcome).toBe('not-evaluated');
    const untold = event('case.decided', '2026-10-30T09:00:00+08:00', { outcome: 'granted' });
    expect(verdict('late-acceptance', input([submitted, untold])).outcome).toBe('not-evaluated');
  });
});

describe('the lawful path', () => {
  const step = (stage: string, day: string): StoredObservation[] => [
    event('case.stage.started', `2026-10-${day}T10:00:00+08:00`, { stage }),
    event('case.stage.completed', `2026-10-${day}T11:00:00+08:00`, { stage }),
  ];
  const decided = (outcome: string): StoredObservation =>
    event('case.decided', '2026-10-30T09:00:00+08:00', { outcome });

  it('was left where a step came before its turn, or never', () => {
    const turned = [accepted, ...step('复核', '21'), ...step('初审', '22')];
    expect(foundBy('step-out-of-order', input(turned)).map(([key]) => key)).toEqual(['order:复核']);
    const granted = [accepted, ...step('初审', '21'), decided('granted')];
    expect(sentences('step-out-of-order', input(granted))[0]?.zh).toBe(
      '办件 ZJ-2026-004417 已决定，但没有办理环节“复核”；流程应为：受理→初审→复核→决定。',
    );
  });

  it('allows work to be redone, refusal at any step, and what is still to come', () => {
    const redone = [
      ...step('初审', '21'),
      ...step('复核', '22'),
      ...step('初审', '23'),
      ...step('复核', '26'),
    ];
    expect(verdict('step-out-of-order', input([accepted, ...redone, decided('granted')])).outcome).toBe(
      'pass',
    );
    expect(
      verdict('step-out-of-order', input([accepted, ...step('初审', '21'), decided('refused')])).outcome,
    ).toBe('pass');
    expect(verdict('step-out-of-order', input([accepted, ...step('初审', '21')])).outcome).toBe('pass');
    expect(verdict('step-out-of-order', input([accepted, decided('granted')])).outcome).toBe('not-evaluated');
    expect(verdict('step-out-of-order', input(redone, now, { matter: null })).outcome).toBe('not-evaluated');
  });
});

describe('decided outside the hall', () => {
  const decided = event('case.decided', '2026-10-30T09:00:00+08:00', { outcome: 'granted' });
  const scans = { hallScans: { decided: 100, scanned: 98 } };

  it('is a counter case without a scan where all others are scanned', () => {
    expect(sentences('decided-outside-hall', input([submitted, accepted, decided], now, scans))[0]?.zh).toBe(
      '窗口办件 ZJ-2026-004417 已决定，却从未在大厅扫码；该大厅 100 件窗口办件中有 98 件扫过码。',
    );
    const scanned = event('barcode.scanned', '2026-10-20T09:01:00+08:00');
    expect(
      verdict('decided-outside-hall', input([submitted, scanned, accepted, decided], now, scans)).outcome,
    ).toBe('pass');
  });

  it('accuses nobody where it is not known that the hall scans', () => {
    const events = [submitted, accepted, decided];
    const outcome = (more: Partial<CaseInput>): string =>
      verdict('decided-outside-hall', input(events, now, more)).outcome;
    expect(outcome({})).toBe('not-evaluated');
    expect(outcome({ hallScans: { decided: 5, scanned: 5 } })).toBe('not-evaluated');
    expect(outcome({ hallScans: { decided: 100, scanned: 30 } })).toBe('not-evaluated');
    const online = event('case.submitted', '2026-10-20T09:00:00+08:00', { channel: 'online' });
    expect(verdict('decided-outside-hall', input([online, accepted, decided], now, scans)).outcome).toBe(
      'not-evaluated',
    );
  });
});

describe('off hours', () => {
  const decidedAt = (time: string): StoredObservation[] => [submitted, accepted, event('case.decided', time)];

  it('is in the evening or on a day off, not on a make-up day or within the grace', () => {
    expect(sentences('off-hours', input(decidedAt('2026-10-29T22:10:00+08:00')))[0]?.zh).toBe(
      '窗口办件 ZJ-2026-004417 于10月29日 22:10 作出决定，不在大厅开放时间内。',
    );
    expect(verdict('off-hours', input(decidedAt('2026-10-31T10:00:00+08:00'))).outcome).toBe('fail');
    // Saturday 10 October 2026 is a working day in place of National Day.
    const makeUp = event('case.accepted', '2026-10-10T10:00:00+08:00', { channel: 'counter' });
    expect(verdict('off-hours', input([makeUp])).outcome).toBe('pass');
    expect(verdict('off-hours', input(decidedAt('2026-10-29T17:55:00+08:00'))).outcome).toBe('pass');
  });

  it('goes by the hours of the hall, and judges counters only', () => {
    const hall = {
      id: 'h',
      region: '130681',
      name: '夜间大厅',
      virtual: false,
      hours: [['18:00', '23:00'] as [string, string]],
    };
    expect(foundBy('off-hours', input(decidedAt('2026-10-29T22:10:00+08:00'), now, { hall }))).toHaveLength(
      1,
    );
    const unknown = event('case.accepted', '2026-10-29T22:10:00+08:00');
    expect(verdict('off-hours', input([unknown])).outcome).toBe('not-evaluated');
  });
});

describe('extensions', () => {
  const extended = (data: Record<string, unknown>, day = '27'): StoredObservation =>
    event('case.extended', `2026-10-${day}T10:00:00+08:00`, {
      by: { workingDays: 5 },
      approver: '01',
      reason: '案情复杂',
      ...data,
    });

  it('need an approver and a reason, are bounded, and come once', () => {
    const told = (...events: StoredObservation[]): (string | undefined)[] =>
      sentences('extension-without-approver', input([accepted, ...events])).map(
        ({ zh }) => zh.split('：')[1],
      );
    expect(told(extended({ approver: undefined }))).toEqual(['没有批准人。']);
    expect(told(extended({ reason: ' ', by: { workingDays: 12 } }))).toEqual([
      '没有说明理由；延长 12 个工作日，最多 10 个工作日。',
    ]);
    expect(told(extended({}), extended({}, '28'))).toEqual(['是第 2 次延期。']);
  });

  it('pass when all is in order, also fifteen days of a joint matter', () => {
    expect(verdict('extension-without-approver', input([accepted, extended({})])).outcome).toBe('pass');
    const matter = { ...permit, legal: { workingDays: 45 } };
    const long = [accepted, extended({ by: { workingDays: 15 } })];
    expect(verdict('extension-without-approver', input(long, now, { matter })).outcome).toBe('pass');
    expect(verdict('extension-without-approver', input(long)).outcome).toBe('fail');
  });
});
