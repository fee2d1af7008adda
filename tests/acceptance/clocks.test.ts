import { afterEach, describe, expect, test } from '@jest/globals';
import { failOnLeaks } from '../helpers/leaks.ts';
import {
  accepted,
  corrected,
  decided,
  happened,
  heartbeat,
  notice,
  openStory,
  red,
  resumed,
  suspended,
  yellow,
  type Story,
} from '../helpers/story.ts';

failOnLeaks();

const LIMIT_MS = 60_000;
let story: Story;
afterEach(() => story.end());

describe('the Spring Festival of 2026', () => {
  test(
    'its nine days off do not count, its make-up Saturday does',
    async () => {
      story = await openStory({ start: '2026-02-13T08:00' });
      const { at, until, wall } = story;
      await at('2026-02-13T09:00').observe(accepted('施-1', { workingDays: 5 }));
      // Saturday the 14th is worked, the 15th to the 23rd are off: the fifth day is Friday the 27th.
      expect((await story.case('施-1')).dueDate).toBe('2026-02-27');
      const days = (await story.case('施-1')).clock!.days;
      expect(days.find(({ date }) => date === '2026-02-14')).toMatchObject({ mark: 'make-up', number: 1 });
      expect(days.find(({ date }) => date === '2026-02-16')).toMatchObject({
        mark: 'holiday',
        name: '春节',
        number: null,
      });

      await until('2026-02-23T23:59');
      await wall.showsNo(notice('施-1'));
      await until('2026-02-27T23:59:59');
      await wall.shows(yellow('施-1'));
      await wall.showsNo(red('施-1'));
      await until('2026-02-28T00:00:01');
      const alert = await wall.shows(red('施-1'), '2026-02-28T00:00');
      expect(alert.reason.zh).toContain('应于2月27日办结');
      await wall.shows(yellow('施-1'));
    },
    LIMIT_MS,
  );

  test(
    'the second make-up Saturday counts as well',
    async () => {
      story = await openStory({ start: '2026-02-13T08:00' });
      await story.at('2026-02-13T09:00').observe(accepted('施-2', { workingDays: 6 }));
      await story.until('2026-02-28T23:59:59');
      await story.wall.showsNo(red('施-2'));
      await story.until('2026-03-01T00:00:01');
      await story.wall.shows(red('施-2'), '2026-03-01T00:00');
    },
    LIMIT_MS,
  );
});

test(
  'a suspension stops the clock, and it goes on where it stood',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall } = story;
    await at('2026-03-02T09:00').observe(accepted('听-1', { workingDays: 5 }));
    await at('2026-03-04T10:00').observe(suspended('听-1'));
    expect((await story.case('听-1')).dueDate).toBeNull();
    await until('2026-03-16T08:59');
    await wall.showsNo(notice('听-1'));
    await wall.showsNo(red('听-1'));
    await at('2026-03-16T09:00').observe(resumed('听-1'));
    // One day was used before; the day on which it goes on is the second: the fifth is Thursday the 19th.
    expect((await story.case('听-1')).dueDate).toBe('2026-03-19');
    await until('2026-03-19T23:59:59');
    await wall.showsNo(red('听-1'));
    await until('2026-03-20T00:00:01');
    await wall.shows(red('听-1'), '2026-03-20T00:00');
  },
  LIMIT_MS,
);

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
