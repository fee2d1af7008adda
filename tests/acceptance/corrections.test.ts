import { afterEach, expect, test } from '@jest/globals';
import { failOnLeaks } from '../helpers/leaks.ts';
import { openStory, type Story } from '../helpers/story.ts';
import {
  accepted,
  corrected,
  decided,
  happened,
  heartbeat,
  notice,
  red,
  resumed,
  suspended,
  yellow,
} from '../helpers/storyWords.ts';

failOnLeaks();

const LIMIT_MS = 60_000;
let story: Story;
afterEach(() => story.end());

test(
  'a late event takes a red card back, and the trail tells why',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall } = story;
    await at('2026-03-02T09:00').observe(accepted('迟-1', { workingDays: 5 }));
    await until('2026-03-10T00:00:01');
    await wall.shows(red('迟-1'), '2026-03-10T00:00');

    await at('2026-03-12T09:00').observe(happened('2026-03-09T17:00', decided('迟-1')));
    await until('2026-03-12T09:01');
    await wall.showsNo(red('迟-1'));
    const [told, ...more] = await story.trail(red('迟-1'));
    expect(more).toEqual([]);
    expect(told!.alert.state).toBe('rescinded');
    expect(told!.history.map(({ action, user }) => [action, user])).toEqual([
      ['raised', null],
      ['rescinded', null],
    ]);
    expect(told!.history[1]!.note).toMatch(/3月9日 17:00/);
    const { cards, events, status, overdue } = await story.case('迟-1');
    expect({ status, overdue }).toEqual({ status: 'decided', overdue: false });
    expect(cards.find(({ rung }) => rung === 'red')).toMatchObject({
      rescindedAt: expect.any(Number),
      rescindedReason: { zh: expect.stringContaining('3月9日') },
    });
    expect(events.at(-1)).toMatchObject({ kind: 'case.decided', late: true });
  },
  LIMIT_MS,
);

test(
  'a correction a week later issues the card that was due all along',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall } = story;
    await at('2026-03-02T09:00').observe(accepted('更-1', { workingDays: 5 }));
    await at('2026-03-09T17:00').observe({ ...decided('更-1'), id: 'decision' });
    await until('2026-03-19T08:59');
    await wall.showsNo(red('更-1'));
    expect(await story.case('更-1')).toMatchObject({ status: 'decided', overdue: false });

    await at('2026-03-19T09:00').observe(corrected('更-1', 'decision', '2026-03-12T11:00'));
    await until('2026-03-19T09:01');
    await wall.shows(red('更-1'), '2026-03-10T00:00');
    const { overdue, endedAt, events } = await story.case('更-1');
    expect({ overdue, endedAt }).toEqual({ overdue: true, endedAt: Date.parse('2026-03-12T11:00:00+08:00') });
    expect(events.map(({ kind, voided }) => [kind, voided])).toContainEqual(['case.decided', true]);
  },
  LIMIT_MS,
);

test(
  'a source that never stops telling of the past cannot put off its cards',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall } = story;
    await at('2026-03-02T09:00').observe(accepted('拖-1', { workingDays: 5 }));
    await until('2026-03-09T23:59');
    const start = Date.parse('2026-03-09T23:59:00+08:00');
    for (let second = 0; second < 16 * 60; second += 4) {
      const local = new Date(start + second * 1000 + 8 * 3_600_000).toISOString().slice(0, 19);
      await at(local).observe(happened('2026-03-01T09:00', heartbeat()));
    }
    await wall.shows(red('拖-1'), '2026-03-10T00:00');
  },
  LIMIT_MS,
);

test(
  'an acceptance that is moved later a week after takes back the cards that were told of it',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall } = story;
    await at('2026-03-02T09:00').observe({ ...accepted('正-1', { workingDays: 5 }), id: '受理' });
    await until('2026-03-10T09:00');
    await wall.shows(yellow('正-1'), '2026-03-09T00:00');
    await wall.shows(red('正-1'), '2026-03-10T00:00');

    // It was accepted on the 5th: the fifth day is the 12th.
    await at('2026-03-10T10:00').observe(corrected('正-1', '受理', '2026-03-05T09:00'));
    await until('2026-03-10T10:01');
    for (const card of [notice, yellow, red]) await wall.showsNo(card('正-1'));
    const [taken] = await story.trail(red('正-1'));
    expect(taken!.history.map(({ action }) => action)).toEqual(['raised', 'rescinded']);
    expect(taken!.history[1]!.note).toBe('时限重算：应于3月12日办结，红牌应自3月13日 00:00 起。');
    const { cards, events, dueDate } = await story.case('正-1');
    expect(dueDate).toBe('2026-03-12');
    expect(cards.map(({ rung, rescindedAt }) => [rung, rescindedAt !== null])).toEqual([
      ['notice', true],
      ['yellow', true],
      ['red', true],
    ]);
    expect(events.find(({ id }) => id === '受理')).toMatchObject({ voided: true });

    await until('2026-03-13T00:00:01');
    await wall.shows(notice('正-1'), '2026-03-11T00:00');
    await wall.shows(yellow('正-1'), '2026-03-12T00:00');
    await wall.shows(red('正-1'), '2026-03-13T00:00');
    expect((await story.case('正-1')).cards).toHaveLength(6);
  },
  LIMIT_MS,
);

test(
  'an acceptance that is moved earlier issues at once what was due long ago, each card since its own instant',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall } = story;
    await at('2026-03-09T09:00').observe({ ...accepted('正-2', { workingDays: 5 }), id: '受理' });
    await until('2026-03-12T08:59');
    await wall.showsNo(notice('正-2'));
    // It had lain there since the 2nd: the fifth day was the 9th.
    await at('2026-03-12T09:00').observe(corrected('正-2', '受理', '2026-03-02T09:00'));
    await until('2026-03-12T09:01');
    await wall.shows(notice('正-2'), '2026-03-06T00:00');
    await wall.shows(yellow('正-2'), '2026-03-09T00:00');
    const { reason } = await wall.shows(red('正-2'), '2026-03-10T00:00');
    expect(reason.zh).toBe('办件 正-2 已用 6 个工作日，承诺 5 日，应于3月9日办结。');
    const { cards, overdue } = await story.case('正-2');
    expect(overdue).toBe(true);
    expect(new Set(cards.map(({ issuedAt }) => new Date(issuedAt).toISOString().slice(0, 10)))).toEqual(
      new Set(['2026-03-12']),
    );
  },
  LIMIT_MS,
);

test(
  'a red card that stays true, but from another day on, is taken back and issued with its true instant',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall } = story;
    await at('2026-03-02T09:00').observe({ ...accepted('正-3', { workingDays: 5 }), id: '受理' });
    await until('2026-03-17T08:59');
    await wall.shows(red('正-3'), '2026-03-10T00:00');
    await at('2026-03-17T09:00').observe(corrected('正-3', '受理', '2026-03-05T09:00'));
    await until('2026-03-17T09:01');
    const { reason } = await wall.shows(red('正-3'), '2026-03-13T00:00');
    expect(reason.zh).toContain('应于3月12日办结');
    const reds = (await story.case('正-3')).cards.filter(({ rung }) => rung === 'red');
    expect(reds.map(({ rescindedReason }) => rescindedReason?.zh ?? null)).toEqual([
      '时限重算：应于3月12日办结，红牌应自3月13日 00:00 起。',
      null,
    ]);
  },
  LIMIT_MS,
);

test(
  'a suspension told of a week late takes the cards back while it lasts; they come when the clock has gone on',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall } = story;
    await at('2026-03-02T09:00').observe(accepted('正-4', { workingDays: 5 }));
    await until('2026-03-11T08:59');
    await wall.shows(red('正-4'), '2026-03-10T00:00');
    await at('2026-03-11T09:00').observe(happened('2026-03-04T10:00', suspended('正-4')));
    await until('2026-03-11T09:01');
    for (const card of [notice, yellow, red]) await wall.showsNo(card('正-4'));
    const [taken] = await story.trail(red('正-4'));
    expect(taken!.history.at(-1)!.note).toBe('时限重算：停表中，尚未到红牌。');
    expect(await story.case('正-4')).toMatchObject({ status: 'suspended', dueDate: null, overdue: false });

    await at('2026-03-16T09:00').observe(resumed('正-4'));
    expect((await story.case('正-4')).dueDate).toBe('2026-03-19');
    await until('2026-03-20T00:00:01');
    await wall.shows(red('正-4'), '2026-03-20T00:00');
  },
  LIMIT_MS,
);

test(
  'a decision that is taken back lets the clock run on, and what it hid is told',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall } = story;
    await at('2026-03-02T09:00').observe(accepted('正-5', { workingDays: 5 }));
    await at('2026-03-05T10:00').observe({ ...decided('正-5'), id: '误录' });
    await until('2026-03-12T08:59');
    for (const card of [notice, yellow, red]) await wall.showsNo(card('正-5'));
    await at('2026-03-12T09:00').observe(corrected('正-5', '误录'));
    await until('2026-03-12T09:01');
    await wall.shows(yellow('正-5'), '2026-03-09T00:00');
    await wall.shows(red('正-5'), '2026-03-10T00:00');
    expect(await story.case('正-5')).toMatchObject({ status: 'accepted', endedAt: null, overdue: true });

    // It was decided on the very day after all: nothing of it stays but the trail.
    await at('2026-03-13T09:00').observe(happened('2026-03-06T10:00', decided('正-5')));
    await until('2026-03-13T09:01');
    for (const card of [yellow, red]) await wall.showsNo(card('正-5'));
    await wall.shows(notice('正-5'), '2026-03-06T00:00');
    const [told] = await story.trail(red('正-5'));
    expect(told!.history.map(({ action }) => action)).toEqual(['raised', 'rescinded']);
  },
  LIMIT_MS,
);
