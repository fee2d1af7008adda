import { afterEach, describe, expect, test } from '@jest/globals';
import { failOnLeaks } from '../helpers/leaks.ts';
import { openStory, type Story } from '../helpers/story.ts';
import { accepted, dingzhou, notice, red, risk, submitted, yellow } from '../helpers/storyWords.ts';

failOnLeaks();

const LIMIT_MS = 60_000;
let story: Story;
afterEach(() => story.end());

/** What the State Council announces for New Year's Day 2027. */
const NOTICE_OF_2027 = {
  notices: [2027],
  put: ['2027-01-01', '2027-01-02', '2027-01-03'].map((date) => ({ date, working: false, name: '元旦' })),
};

describe('a case that reaches into a year without a notice', () => {
  test(
    'is provisional until the notice is published in December, then final and on another day',
    async () => {
      story = await openStory({ start: '2026-12-21T08:00' });
      const { at, until, wall, publishes } = story;
      await at('2026-12-21T09:00').observe(
        accepted('跨-1', { workingDays: 9 }),
        accepted('跨-2', { workingDays: 4 }),
      );
      // As far as anybody knows, New Year's Day is an ordinary Friday.
      expect(await story.case('跨-1')).toMatchObject({ dueDate: '2027-01-01', provisional: true });
      expect(await story.case('跨-2')).toMatchObject({ dueDate: '2026-12-25', provisional: false });
      await until('2026-12-28T10:00');
      await publishes.calendar(NOTICE_OF_2027);
      expect(await story.case('跨-1')).toMatchObject({ dueDate: '2027-01-04', provisional: false });

      await until('2027-01-03T23:59:59');
      await wall.showsNo(yellow('跨-1'));
      await until('2027-01-05T00:00:01');
      const { reason } = await wall.shows(red('跨-1'), '2027-01-05T00:00');
      expect(reason.zh).toBe('办件 跨-1 已用 10 个工作日，承诺 9 日，应于2027年1月4日办结。');
      expect(await story.trail(yellow('跨-1'))).toHaveLength(1);
      const [, , card] = (await story.case('跨-1')).cards;
      expect(card).toMatchObject({ rung: 'red', explanation: { calendarVersion: 1 } });
    },
    LIMIT_MS,
  );

  test(
    'loses the cards that a notice entered too late proves wrong, and gets them when they are due',
    async () => {
      story = await openStory({ start: '2026-12-21T08:00' });
      const { at, until, wall, publishes } = story;
      await at('2026-12-21T09:00').observe(accepted('跨-3', { workingDays: 9 }));
      await until('2027-01-02T09:00');
      await wall.shows(yellow('跨-3'), '2027-01-01T00:00');
      const { reason } = await wall.shows(red('跨-3'), '2027-01-02T00:00');
      expect(reason.zh).toContain('应于2027年1月1日办结（放假安排未公布，暂定）');

      await publishes.calendar(NOTICE_OF_2027);
      await wall.showsNo(yellow('跨-3'));
      await wall.showsNo(red('跨-3'));
      const [wrong] = await story.trail(red('跨-3'));
      expect(wrong!.history.map(({ action, note }) => [action, note])).toEqual([
        ['raised', null],
        ['rescinded', '时限重算：应于2027年1月4日办结，红牌应自2027年1月5日 00:00 起。'],
      ]);
      await until('2027-01-05T00:00:01');
      await wall.shows(yellow('跨-3'), '2027-01-04T00:00');
      await wall.shows(red('跨-3'), '2027-01-05T00:00');
    },
    LIMIT_MS,
  );
});

test(
  'a county that stops work for a flood moves its own deadlines only, its townships’ with them',
  async () => {
    story = await openStory({ start: '2026-07-27T08:00' });
    const { at, until, wall, publishes } = story;
    await at('2026-07-27T09:00').observe(
      accepted('汛-县', { workingDays: 4 }),
      accepted('汛-镇', { workingDays: 4 }, { region: '130681100' }),
      dingzhou(accepted('汛-邻', { workingDays: 4 })),
    );
    await until('2026-07-29T18:00');
    const flood = ['2026-07-30', '2026-07-31'].map((date) => ({
      ...{ region: '130681', date, working: false, name: '防汛停工' },
    }));
    await publishes.calendar({ put: flood }, '涿州');
    expect((await story.case('汛-县')).dueDate).toBe('2026-08-04');
    expect((await story.case('汛-镇')).dueDate).toBe('2026-08-04');
    expect((await story.case('汛-邻', '定州')).dueDate).toBe('2026-07-31');
    const thirtieth = (await story.case('汛-县')).clock!.days.find(({ date }) => date === '2026-07-30');
    expect(thirtieth).toMatchObject({ mark: 'holiday', name: '防汛停工', number: null });

    await until('2026-08-01T00:00:01');
    await wall.shows(red('汛-邻'), '2026-08-01T00:00');
    for (const no of ['汛-县', '汛-镇']) await wall.showsNo(notice(no));
    await until('2026-08-05T00:00:01');
    for (const no of ['汛-县', '汛-镇']) await wall.shows(red(no), '2026-08-05T00:00');
  },
  LIMIT_MS,
);

test(
  'days off that are entered too late clear an application that was told to wait too long',
  async () => {
    story = await openStory({ start: '2026-07-20T08:00' });
    const { at, until, wall, publishes } = story;
    await at('2026-07-20T09:00').observe(submitted('汛-候'));
    await until('2026-07-28T00:00:01');
    await wall.shows(risk('汛-候', 'late-acceptance'), '2026-07-28T00:00');
    const flood = { region: '130681', date: '2026-07-27', working: false, name: '防汛停工' };
    await publishes.calendar({ put: [flood] }, '涿州');
    await wall.showsNo(risk('汛-候'));
    await until('2026-07-29T00:00:01');
    await wall.shows(risk('汛-候', 'late-acceptance'), '2026-07-29T00:00');
  },
  LIMIT_MS,
);
