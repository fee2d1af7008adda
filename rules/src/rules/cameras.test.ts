import { describe, expect, it } from '@jest/globals';
import { camera, changes, event, nextLook, picture, raised, time } from '../../test/cameras.ts';
import { defaultRuleset } from '../ruleset/presets.ts';
import { evaluate } from '../engine/evaluate.ts';
import type { CameraInput } from '../model.ts';
import { cameraLost } from './cameraLost.ts';

const LOST = 'camera-lost|zz-3';
const live = picture('09:00:00', 'live');
const frozen = picture('10:00:00', 'frozen', { attempt: 0, reason: '画面停止 (no packets)' });
const standing = [LOST];

describe('a picture that is lost', () => {
  it('is told of once it has been gone for long enough, with why', () => {
    const before = camera([live, frozen], '10:04:59');
    expect(raised(before)).toEqual([]);
    expect(nextLook(before)).toBe(time('10:05:00'));
    const [alert] = raised(camera([live, frozen], '10:05:00'));
    expect(alert).toMatchObject({
      ...{ kind: 'silent', rule: 'camera-lost', fingerprint: LOST, at: time('10:00:00') },
      ...{ region: '130681', hall: 'zz-hall', counter: 'zz-03', camera: 'zz-3' },
      ...{ sourceId: null, caseId: null },
    });
    expect(alert?.reason.zh).toBe(
      '摄像机“3 号窗口”自11月2日 10:00 起没有画面，已超过 5 分钟：画面停止，原因：画面停止 (no packets)。',
    );
    const retrying = picture('10:00:10', 'retrying', { attempt: 14, reason: 'connection refused' });
    expect(raised(camera([live, frozen, retrying], '10:05:00'))[0]?.reason.en).toBe(
      'There is no picture of “3 号窗口” since 2 Nov 10:00, for more than 5 minutes: 14 failed tries; the reason: connection refused.',
    );
    expect(changes(camera([live, frozen], '10:30:00', { standing }))).toEqual([]);
  });

  it('is taken back once it is steadily there again, and not before', () => {
    const back = [live, frozen, picture('10:20:00', 'live')];
    const soon = camera(back, '10:20:59', { standing });
    expect(changes(soon)).toEqual([]);
    expect(nextLook(soon)).toBe(time('10:21:00'));
    expect(changes(camera(back, '10:21:00', { standing }))).toMatchObject([
      { type: 'alert.rescinded', fingerprint: LOST, reason: { zh: '画面已恢复。' } },
    ]);
  });

  it('that comes and goes is one outage, but never told of while it is there', () => {
    const flapping = [
      live,
      frozen,
      picture('10:02:00', 'live'),
      picture('10:02:20', 'retrying'),
      picture('10:04:30', 'live'),
    ];
    expect(raised(camera(flapping, '10:05:10'))).toEqual([]);
    expect(raised(camera([...flapping, picture('10:05:10', 'retrying')], '10:05:10'))).toMatchObject([
      { at: time('10:00:00') },
    ]);
    const steady = [...flapping, picture('10:05:40', 'retrying')];
    expect(raised(camera(steady, '10:06:00'))).toEqual([]);
  });

  it('of a camera that nobody watches is not lost: nothing is known of it', () => {
    const stopped = [live, frozen, picture('10:04:00', 'idle')];
    expect(changes(camera(stopped, '12:00:00', { of: { recording: null } }))).toEqual([]);
    expect(nextLook(camera(stopped, '12:00:00', { of: { recording: null } }))).toBeNull();
    // What had been told stays until it is seen again.
    const later = [live, frozen, picture('10:06:00', 'idle')];
    expect(changes(camera(later, '12:00:00', { standing }))).toEqual([]);
    const again = [...later, picture('12:00:00', 'connecting'), picture('12:00:01', 'live')];
    expect(changes(camera(again, '12:01:01', { standing }))).toMatchObject([{ type: 'alert.rescinded' }]);
    expect(raised(camera([], '12:00:00'))).toEqual([]);
  });

  it('counts in the opening hours of the hall, unless it is recorded day and night', () => {
    const evening = [live, picture('16:58:00', 'retrying', { attempt: 3 })];
    const hours = { of: { recording: 'hours' as const } };
    expect(raised(camera(evening, '23:00:00', hours))).toEqual([]);
    // Two minutes on Monday, three on Tuesday.
    const tomorrow = time('09:00:00') + 86_400_000 + 180_000;
    expect(nextLook(camera(evening, '23:00:00', hours))).toBe(tomorrow);
    const [alert] = raised({ ...camera(evening, '23:00:00', hours), at: tomorrow });
    expect(alert).toMatchObject({ at: time('16:58:00') });
    expect(alert?.reason.zh).toContain('（按大厅开放时间计）');
    expect(raised(camera(evening, '17:03:00'))).toHaveLength(1);
    expect(raised(camera(evening, '17:03:00', { hall: null, of: { recording: null } }))).toHaveLength(1);
    const every = { enabled: true, parameters: { everyHour: 1 } };
    const ruleset = { ...defaultRuleset, rules: { 'camera-lost': every } };
    expect(evaluate(camera(evening, '17:03:00', hours), ruleset)).toMatchObject([
      { type: 'camera.look' },
      { type: 'alert.raised' },
    ]);
  });

  it('is not judged while whoever tells of it is silent, unless it is out of use', () => {
    const silent = { silent: true, standing };
    expect(raised(camera([live, frozen], '11:00:00', { silent: true }))).toEqual([]);
    expect(changes(camera([live, frozen], '11:00:00', silent))).toEqual([]);
    const unheard = picture('10:03:00', 'failed', { hostSilent: true });
    expect(raised(camera([live, frozen, unheard], '11:00:00'))).toEqual([]);
    expect(changes(camera([live, frozen], '11:00:00', { ...silent, of: { disabled: true } }))).toMatchObject([
      { type: 'alert.rescinded', fingerprint: LOST, reason: { zh: '摄像机已停用。' } },
    ]);
  });

  it('is taken back where a late observation takes its ground away', () => {
    const late = picture('10:01:00', 'live');
    const stopped = picture('10:03:00', 'idle');
    expect(changes(camera([live, frozen, late, stopped], '10:10:00', { standing }))).toMatchObject([
      { type: 'alert.rescinded', fingerprint: LOST },
    ]);
  });

  it('is not told of again when a person closed it, but a new outage is', () => {
    const closed = [{ fingerprint: LOST, at: time('10:00:00') }];
    expect(changes(camera([live, frozen], '10:30:00', { closed }))).toEqual([]);
    const anew = [live, frozen, picture('11:00:00', 'live'), picture('12:00:00', 'retrying')];
    expect(raised(camera(anew, '12:05:00', { closed }))).toMatchObject([{ at: time('12:00:00') }]);
  });

  it('is taken back where the rule is switched off, and a rule that throws is told of', () => {
    const off = { enabled: true, parameters: {}, regions: [{ region: '130681', enabled: false }] };
    const without = { ...defaultRuleset, rules: { ...defaultRuleset.rules, 'camera-lost': off } };
    expect(evaluate(camera([live, frozen], '10:30:00', { standing }), without)).toMatchObject([
      { type: 'camera.look', at: null },
      { type: 'alert.rescinded', fingerprint: LOST },
    ]);
    const mars: Partial<CameraInput> = { region: { ...camera([], '10:00:00').region, zone: 'Mars/Olympus' } };
    expect(raised(camera([live, frozen], '10:05:00', mars))).toMatchObject([
      { kind: 'rule-failed', fingerprint: `rule-failed|${LOST}`, camera: 'zz-3' },
    ]);
    expect(cameraLost.subject).toBe('camera');
  });
});

describe('a camera that says that it is interfered with', () => {
  const TAMPER = 'camera-tampered|zz-3|tamper';
  const covered = event('10:00:00', 'tamper', true, 'RuleEngine/TamperDetector');
  const free = event('10:10:00', 'tamper', false, 'RuleEngine/TamperDetector');

  it('is told of when it lasts, and taken back when it is over and stays so', () => {
    const early = camera([covered], '10:00:09');
    expect([raised(early), nextLook(early)]).toEqual([[], time('10:00:10')]);
    const [alert] = raised(camera([covered], '10:00:10'));
    expect(alert).toMatchObject({
      ...{ kind: 'risk', fingerprint: TAMPER, at: time('10:00:00'), camera: 'zz-3', counter: 'zz-03' },
    });
    expect(alert?.reason.zh).toBe(
      '摄像机“3 号窗口”自11月2日 10:00 起报告被遮挡或移动（RuleEngine/TamperDetector）。',
    );
    const told = { standing: [TAMPER] };
    expect(changes(camera([covered, free], '10:10:30', told))).toEqual([]);
    expect(changes(camera([covered, free], '10:11:00', told))).toMatchObject([
      {
        type: 'alert.rescinded',
        fingerprint: TAMPER,
        evenClosed: true,
        reason: { zh: '摄像机报告已恢复。' },
      },
    ]);
  });

  it('lasts for a while where the camera does not say when it is over', () => {
    const moved = event('10:00:00', 'tamper', null, 'moved');
    expect(raised(camera([moved], '10:01:00'))).toHaveLength(1);
    expect(nextLook(camera([moved], '10:01:00', { standing: [TAMPER] }))).toBe(time('10:10:00'));
    expect(changes(camera([moved], '10:11:00', { standing: [TAMPER] }))).toMatchObject([
      { type: 'alert.rescinded' },
    ]);
  });

  it('is told of by what it says: a lost signal is another thing than a cover', () => {
    const lost = event('10:00:30', 'signal-loss', true, 'VideoLoss');
    expect(raised(camera([covered, lost], '10:01:00')).map(({ fingerprint }) => fingerprint)).toEqual([
      TAMPER,
      'camera-tampered|zz-3|signal-loss',
    ]);
    expect(raised(camera([covered, lost], '10:01:00', { silent: true }))).toEqual([]);
    expect(raised(camera([event('10:00:00', 'tamper', false, 'x')], '10:01:00'))).toEqual([]);
  });
});
