import type { EngineInput } from '../model.ts';
import { needKey, peersKey, type Profiles } from '../profile/profiles.ts';
import { exampleCamera } from './exampleCamera.ts';
import { EXAMPLE_MATTER, exampleCase, instant, type Happened } from './exampleCase.ts';

const NOTHING_LEARNED: Profiles = {
  ...{ version: 1, until: null, cases: 0, needs: {}, groups: [], peers: {}, halls: {} },
};
const submitted: Happened = ['case.submitted', '11-02 09:00', { channel: 'counter' }];
const accepted: Happened = ['case.accepted', '11-02 09:10', { officer: '王芳' }];
const granted: Happened = ['case.decided', '11-09 10:00', { outcome: 'granted', officer: '李强' }];

function outlier(): EngineInput {
  const step = { matter: EXAMPLE_MATTER.id, stage: '材料审查' };
  const group = {
    ...{ kind: 'officer' as const, region: '130681', id: '王芳' },
    steps: [{ ...step, cases: 88, median: 14_400 }],
  };
  const peers = {
    [peersKey('officer', step.matter, step.stage)]: [1800, 2000, 2100, 2300, 2400, 2600, 14_400],
  };
  const profiles = { ...NOTHING_LEARNED, cases: 640, until: instant('11-20 17:00'), groups: [group], peers };
  const matters = new Map([[EXAMPLE_MATTER.id, EXAMPLE_MATTER]]);
  return { type: 'group', at: instant('11-21 00:00'), group, profiles, matters };
}

function slowEnd(): Profiles {
  const key = needKey(EXAMPLE_MATTER.id, { stage: '现场踏勘', entered: true, at: 0 }, 'workingDays');
  return { ...NOTHING_LEARNED, cases: 640, needs: { [key]: { cases: 214, median: 6, p75: 8 } } };
}

/** For each shipped rule a small case that it finds something in: shown in docs/rules, and run by a test. */
export const RULE_EXAMPLES: Readonly<Record<string, () => EngineInput>> = {
  overdue: () => exampleCase('11-17 00:00', [submitted, accepted]),
  'overdue-stage': () =>
    exampleCase('11-09 00:00', [accepted, ['case.stage.started', '11-03 09:00', { stage: '现场踏勘' }]]),
  'overdue-delivery': () => exampleCase('11-24 00:00', [accepted, granted]),
  'overdue-order': () =>
    exampleCase('11-11 00:00', [accepted, ['order.issued', '11-03 09:00', { order: 'DB-7' }]]),
  'overdue-complaint': () =>
    exampleCase('11-03 00:00', [['complaint.filed', '09-01 09:00', { complaint: 'TS-3', text: '推诿' }]]),
  'overdue-appeal': () =>
    exampleCase('11-11 00:00', [accepted, ['appeal.filed', '11-03 09:00', { appeal: 'SS-1' }]]),
  nearing: () => exampleCase('11-09 00:00', [accepted, ['order.issued', '11-03 09:00', { order: 'DB-7' }]]),
  'predicted-overdue': () =>
    exampleCase('11-11 11:00', [accepted, ['case.stage.started', '11-11 10:00', { stage: '现场踏勘' }]], {
      profiles: slowEnd(),
    }),
  'suspended-before-due': () =>
    exampleCase('11-16 12:00', [accepted, ['case.suspended', '11-16 11:00', { procedure: 'correction' }]]),
  'suspension-over-limit': () =>
    exampleCase('11-10 00:00', [
      accepted,
      [
        'case.suspended',
        '11-04 10:00',
        { procedure: 'expert-review', limit: { workingDays: 3 }, approver: '李强' },
      ],
    ]),
  'extension-without-approver': () =>
    exampleCase('11-13 12:00', [accepted, ['case.extended', '11-13 10:00', { by: { workingDays: 12 } }]]),
  'back-dated-acceptance': () =>
    exampleCase('11-06 17:00', [
      submitted,
      ['case.accepted', '11-02 09:10', { officer: '王芳', toldAt: '11-06 16:00' }],
      ['case.stage.started', '11-03 09:00', { stage: '材料审查' }],
    ]),
  'late-acceptance': () => exampleCase('11-12 10:00', [submitted, ['case.accepted', '11-12 09:00']]),
  'step-in-seconds': () =>
    exampleCase('11-04 12:00', [
      accepted,
      ['case.stage.started', '11-04 10:00', { stage: '材料审查', officer: '王芳' }],
      ['case.stage.completed', '11-04 10:00', { stage: '材料审查' }],
    ]),
  'step-out-of-order': () =>
    exampleCase('11-10 12:00', [
      accepted,
      ['case.stage.completed', '11-04 10:00', { stage: '材料审查' }],
      ['case.stage.completed', '11-06 10:00', { stage: '审定' }],
      granted,
    ]),
  'same-officer': () =>
    exampleCase('11-10 12:00', [
      accepted,
      ['case.decided', '11-09 10:00', { outcome: 'granted', officer: '王芳' }],
    ]),
  'refusal-without-reason': () =>
    exampleCase('11-10 12:00', [
      accepted,
      ['case.decided', '11-09 10:00', { outcome: 'refused', officer: '李强' }],
    ]),
  'decided-outside-hall': () =>
    exampleCase('11-10 12:00', [submitted, accepted, granted], { hallScans: { decided: 392, scanned: 391 } }),
  'off-hours': () =>
    exampleCase('11-10 12:00', [
      submitted,
      accepted,
      ['case.decided', '11-09 22:16', { outcome: 'granted' }],
    ]),
  'peer-outlier': outlier,
  'silent-collector': () => ({
    ...{ type: 'source', at: instant('11-02 10:00'), silent: false },
    source: {
      ...{
        id: 'housing',
        name: '住建局审批系统',
        region: '130681',
        expectEverySeconds: 1800,
        disabled: false,
      },
      ...{ lastSeenAt: instant('11-02 09:00'), since: instant('11-01 09:00') },
    },
  }),
  'storage-full': () => ({
    ...{ type: 'source', at: instant('11-02 10:00'), silent: false },
    source: {
      ...{ id: 'media', name: '视频主机', region: '130600', expectEverySeconds: 0, disabled: false },
      ...{ lastSeenAt: instant('11-02 09:59'), since: instant('11-01 09:00') },
      storage: { state: 'low', freeBytes: 1.5 * 1024 ** 3, since: instant('11-02 09:58') },
    },
  }),
  'camera-lost': () =>
    exampleCamera('11-02 10:05', [
      ['stream.state', '11-02 09:00', { state: 'live', attempt: 0 }],
      ['stream.state', '11-02 10:00', { state: 'frozen', attempt: 0, reason: '画面停止 (no packets)' }],
      ['stream.state', '11-02 10:04', { state: 'retrying', attempt: 14, reason: 'connection refused' }],
    ]),
  'camera-tampered': () =>
    exampleCamera('11-02 10:06', [
      [
        'camera.event',
        '11-02 10:00',
        { topic: 'tamper', state: true, text: 'VideoSource/GlobalSceneChange' },
      ],
    ]),
};
