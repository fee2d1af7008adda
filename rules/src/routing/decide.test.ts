import { describe, expect, test } from '@jest/globals';
import { parseInstant, type KindRouting, type Region } from '@mingjing/contracts';
import { shippedCalendars } from '../clock/calendars.ts';
import { decide } from './decide.ts';
import { defaultRouting, kindRouting } from './defaults.ts';
import { afterwards, foresee } from './foresee.ts';
import type { HeldSilence, Inhibitor, PastLine, Situation } from './model.ts';
import { messageTitle } from './titles.ts';

const china = { zone: 'Asia/Shanghai', calendar: 'cn' as const };
const chain: Region[] = [
  {
    code: '130681100',
    name: '松林店镇',
    nameEn: 'Songlindian',
    tier: 'township',
    parent: '130681',
    ...china,
  },
  { code: '130681', name: '涿州市', nameEn: 'Zhuozhou', tier: 'county', parent: '130600', ...china },
  { code: '130600', name: '保定市', nameEn: 'Baoding', tier: 'city', parent: null, ...china },
];
const at = (text: string) => parseInstant(`${text}:00+08:00`);
/** 2026-11-20 is a Friday. */
const FRIDAY = at('2026-11-20T16:30');
const policy: KindRouting = {
  tell: ['inspector'],
  escalateTo: ['leader', 'inspector'],
  acknowledgeHours: 4,
  handleHours: 8,
  groupSeconds: 60,
};

/** A red card of a case of the township, raised on a Friday afternoon, with an inspector at each tier. */
function situation(change: Partial<Situation> = {}): Situation {
  return {
    alert: {
      ...{ id: 7, kind: 'red', fingerprint: 'card|130681:A-1|red', rule: 'overdue', region: '130681100' },
      ...{ department: 'zz-housing', caseId: '130681:A-1', source: 'zz-approval', raisedAt: FRIDAY },
    },
    history: [{ at: FRIDAY, action: 'raised' }],
    told: [],
    groupSince: FRIDAY,
    inhibitors: [],
    silences: [],
    chain,
    people: [
      { userId: 1, role: 'inspector', region: '130681100' },
      { userId: 2, role: 'inspector', region: '130681' },
      { userId: 3, role: 'leader', region: '130681' },
      { userId: 4, role: 'leader', region: '130600' },
      { userId: 5, role: 'clerk', region: '130600' },
    ],
    policy,
    calendars: shippedCalendars,
    ...change,
  };
}

/** The whole course if nobody acts: when, why, and the users. */
function course(from: Situation, start = from.alert.raisedAt): [string, string, number[]][] {
  return foresee(from, start).next.map(({ at: when, decision }) => [
    new Date(when + 8 * 3_600_000).toISOString().slice(0, 16),
    decision.reason.name,
    decision.tell.flatMap(({ people }) => people.map(({ userId }) => userId)),
  ]);
}

/** Lives through the decisions from an instant to another, as the centre does. */
function live(from: Situation, start: number, end: number): Situation {
  let [known, now] = [from, start];
  for (;;) {
    const decision = decide(known, now);
    known = afterwards(known, decision, now);
    if (decision.until === null || decision.until > end) return known;
    now = decision.until;
  }
}

const withLine = (from: Situation, ...lines: PastLine[]): Situation => ({
  ...from,
  history: [...from.history, ...lines],
});
const silenceOf = (change: Partial<HeldSilence> = {}): HeldSilence => ({
  ...{ id: 3, region: '130681', department: null, rule: null, kind: null, caseId: null, endedAt: null },
  ...{ author: '王敏', reason: '系统升级', createdAt: FRIDAY, expiresAt: at('2026-11-24T10:00') },
  ...change,
});

describe('escalation township → county → city', () => {
  test('waits over the weekend: only opening hours count', () => {
    expect(course(situation())).toEqual([
      ['2026-11-20T16:31', 'own-tier', [1]],
      // 29 minutes on Friday, three hours on Monday before lunch, 31 minutes after it
      ['2026-11-23T14:01', 'escalated', [2, 3]],
      ['2026-11-24T10:01', 'escalated', [4]],
    ]);
  });

  test('waits over the Spring Festival, and works on its make-up Saturday', () => {
    const eve = at('2026-02-13T16:30');
    const alert = { ...situation().alert, raisedAt: eve };
    const festival = situation({ alert, history: [{ at: eve, action: 'raised' }], groupSince: eve });
    // Saturday 14 February 2026 is worked; the holiday is 15 to 23 February; 28 is worked as well.
    expect(course(festival).map(([when]) => when)).toEqual([
      '2026-02-13T16:31',
      '2026-02-14T14:01',
      '2026-02-24T10:01',
    ]);
  });

  test('tells the next tier at once where a tier has nobody', () => {
    const people = situation().people.filter(({ region }) => region !== '130681100');
    expect(course(situation({ people }))).toEqual([
      ['2026-11-20T16:31', 'nobody-here', [2]],
      ['2026-11-23T14:01', 'escalated', [4]],
    ]);
    expect(decide(situation({ people: [] }), FRIDAY + 60_000).reason.name).toBe('nobody');
  });

  test('asks again at the hour of a hall that is open longer', () => {
    const hours = [['08:00', '20:00']] as const;
    expect(course(situation({ hours }))[1]?.[0]).toBe('2026-11-23T08:31');
  });
});

describe('acknowledging', () => {
  const monday = at('2026-11-23T10:00');
  const told = live(situation(), FRIDAY, monday);
  const taken = withLine(told, { at: monday, action: 'acknowledged', until: at('2026-11-24T10:00') });

  test('stops the escalation; unhandled, the alert opens again and the tier above is told', () => {
    expect(decide(taken, at('2026-11-23T15:00')).reason.name).toBe('acknowledged');
    expect(course(taken, monday)).toEqual([
      ['2026-11-24T10:00', 're-armed', [1, 2, 3]],
      ['2026-11-24T15:30', 'escalated', [4]],
    ]);
    const again = decide(taken, at('2026-11-24T10:00'));
    expect([again.rearm, again.round]).toEqual([true, 2]);
  });

  test('taken back, the escalation goes on where it stood', () => {
    const back = withLine(taken, { at: monday + 3_600_000, action: 'unacknowledged' });
    expect(course(back, monday + 3_600_000)[0]).toEqual(['2026-11-23T15:01', 'escalated', [2, 3]]);
  });

  test('what is over, or ordered, is told to nobody', () => {
    for (const action of ['closed', 'rescinded', 'ordered'] as const) {
      const over = withLine(told, { at: monday, action });
      expect(decide(over, monday + 999 * 3_600_000)).toMatchObject({ stage: 'hold', until: null, tell: [] });
    }
  });
});

describe('what keeps an alert quiet', () => {
  const later = FRIDAY + 60_000;

  test('gathering: told with the first of its group, and not at all if it ends before', () => {
    const second = situation({ groupSince: FRIDAY - 40_000 });
    expect(decide(second, FRIDAY)).toMatchObject({ stage: 'group', until: FRIDAY + 20_000 });
    const ended = withLine(situation(), { at: FRIDAY + 5000, action: 'rescinded' });
    expect(course(ended, FRIDAY + 5000)).toEqual([]);
  });

  test('a red card inhibits the yellow one of the same clock, and of no other', () => {
    const yellow = situation({
      alert: { ...situation().alert, id: 6, kind: 'yellow', fingerprint: 'card|130681:A-1|yellow' },
    });
    const red = (fingerprint: string): Inhibitor => ({
      ...{ id: 7, kind: 'red', fingerprint, source: null, raisedAt: FRIDAY },
      title: { zh: '逾期', en: 'late' },
    });
    const inhibited = { ...yellow, inhibitors: [red('card|130681:A-1|red')] };
    expect(decide(inhibited, later)).toMatchObject({
      stage: 'inhibit',
      mute: { by: 'inhibition', id: 7 },
      reason: { name: 'inhibited-by-worse-card' },
    });
    expect(course({ ...yellow, inhibitors: [red('card|130681:A-2|red')] })).toHaveLength(3);
    expect(course(situation({ inhibitors: [red('card|130681:A-1|red')] }))).toHaveLength(3);
  });

  test('a silent source inhibits what rests on its data', () => {
    const silent = (source: string): Inhibitor => ({
      ...{ id: 9, kind: 'silent', fingerprint: `silent-collector|${source}`, source, raisedAt: FRIDAY },
      title: { zh: '涿州审批 采集静默', en: 'zz is silent' },
    });
    const reason = decide(situation({ inhibitors: [silent('zz-approval')] }), later).reason;
    expect(reason).toMatchObject({ name: 'inhibited-by-silence', zh: expect.stringContaining('涿州审批') });
    expect(decide(situation({ inhibitors: [silent('dz-approval')] }), later).stage).toBe('route');
    // A camera may be told of by several; a silence itself, and what rests on nobody's word, is told.
    const camera = { ...situation().alert, caseId: null, source: null, tellers: ['collectors', 'media'] };
    const of = (alert: Situation['alert']) =>
      decide(situation({ alert, inhibitors: [silent('media')] }), later).stage;
    expect([of(camera), of({ ...camera, tellers: ['collectors'] }), of({ ...camera, tellers: [] })]).toEqual([
      'inhibit',
      'route',
      'route',
    ]);
  });

  test('cameras that are told of as one are counted as such', () => {
    const titles = [1, 2].map(() => ({ zh: '1 号窗口 视频中断', en: 'Counter 1: no picture' }));
    const where = { zh: '涿州市', en: 'Zhuozhou' };
    expect(messageTitle(titles, { kind: 'silent', rule: 'camera-lost' }, where).zh).toBe(
      '涿州市 2 路视频中断',
    );
    expect(messageTitle(titles, { kind: 'silent', rule: 'silent-collector' }, where).zh).toBe(
      '涿州市 2 个采集源静默',
    );
  });

  test('a silence: nobody is told before it ends, and the time under it does not count', () => {
    const silenced = situation({ silences: [silenceOf()] });
    expect(decide(silenced, later)).toMatchObject({
      stage: 'silence',
      mute: { by: 'silence', id: 3 },
      until: at('2026-11-24T10:00'),
      reason: { zh: '王敏已静音至 11月24日 10:00：系统升级' },
    });
    expect(course(silenced)[0]).toEqual(['2026-11-24T10:00', 'own-tier', [1]]);
    // Told on Friday, silenced from Monday 09:00 for a working day: 29 minutes had gone by.
    const monday = at('2026-11-23T09:00');
    const silence = silenceOf({ createdAt: monday, expiresAt: at('2026-11-24T09:00') });
    const late = { ...live(situation(), FRIDAY, monday), silences: [silence] };
    expect(course(late, monday)).toContainEqual(['2026-11-24T14:01', 'escalated', [2, 3]]);
  });

  test.each<[string, Partial<HeldSilence>, boolean]>([
    ['of the county', {}, true],
    ['of another county', { region: '130682' }, false],
    ['of its department', { department: 'zz-housing' }, true],
    ['of another department', { department: 'zz-health' }, false],
    ['of its rule and kind', { rule: 'overdue', kind: 'red' }, true],
    ['of another kind', { kind: 'yellow' }, false],
    ['of another case', { caseId: '130681:A-2' }, false],
    ['that is over', { endedAt: later - 1 }, false],
    ['that has run out', { expiresAt: later }, false],
  ])('a silence %s', (_, change, quiet) => {
    const decision = decide(situation({ silences: [silenceOf(change)] }), later);
    expect(decision.mute !== null).toBe(quiet);
  });

  test('flapping: one that comes back soon is not told anew, and its escalation goes on', () => {
    const told = live(situation(), FRIDAY, later);
    const flapped = withLine(
      told,
      { at: FRIDAY + 120_000, action: 'rescinded' },
      { at: FRIDAY + 300_000, action: 'reopened' },
    );
    expect(decide(flapped, FRIDAY + 300_000).reason.name).toBe('told-before');
    // The three minutes in which it was over are not counted.
    expect(course(flapped, FRIDAY + 300_000)[0]).toEqual(['2026-11-23T14:04', 'escalated', [2, 3]]);
  });
});

test('a look back decides as it was known then', () => {
  const acted = withLine(live(situation(), FRIDAY, FRIDAY + 60_000), {
    at: at('2026-11-23T09:00'),
    action: 'closed',
  });
  expect(course(acted, at('2026-11-23T08:00'))).toHaveLength(2);
  expect(course(acted, at('2026-11-23T09:00'))).toEqual([]);
});

test('a region may go another way; where nobody is named, nobody is told', () => {
  const own = { ...policy, tell: ['leader' as const] };
  const routing = { ...defaultRouting, regions: [{ region: '130681', kinds: { red: own } }] };
  expect(kindRouting(routing, 'red', '130681100')).toBe(own);
  expect(kindRouting(routing, 'red', '130682')).toBe(defaultRouting.kinds.red);
  expect(kindRouting({ kinds: {}, reopenMinutes: 0 }, 'red', '130681')).toBeNull();
  expect(decide(situation({ policy: null }), FRIDAY).reason.name).toBe('not-told');
});
