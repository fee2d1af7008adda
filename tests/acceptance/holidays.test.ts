import { afterEach, describe, expect, test } from '@jest/globals';
import { failOnLeaks } from '../helpers/leaks.ts';
import { openStory, type Story } from '../helpers/story.ts';
import { accepted, notice, red, yellow } from '../helpers/storyWords.ts';

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

describe('National Day and Mid-Autumn of 2025, eight days in one', () => {
  test(
    'the Sunday before and the Saturday after are worked and count',
    async () => {
      story = await openStory({ start: '2025-09-26T08:00' });
      await story
        .at('2025-09-26T09:00')
        .observe(accepted('庆-5', { workingDays: 5 }), accepted('庆-6', { workingDays: 6 }));
      // Sunday the 28th, 29th, 30th, then 9 and 10 October; the sixth is Saturday the 11th.
      const five = await story.case('庆-5');
      expect(five).toMatchObject({ dueDate: '2025-10-10', provisional: false });
      expect((await story.case('庆-6')).dueDate).toBe('2025-10-11');
      const marks = new Map(five.clock!.days.map((day) => [day.date, day]));
      expect(marks.get('2025-09-28')).toMatchObject({ mark: 'make-up', number: 1 });
      expect(marks.get('2025-10-01')).toMatchObject({ mark: 'holiday', name: '国庆节', number: null });
      expect(marks.get('2025-10-08')).toMatchObject({ mark: 'holiday', number: null });

      await story.until('2025-10-11T00:00:01');
      const alert = await story.wall.shows(red('庆-5'), '2025-10-11T00:00');
      expect(alert.reason).toEqual({
        zh: '办件 庆-5 已用 6 个工作日，承诺 5 日，应于10月10日办结。',
        en: 'Case 庆-5 has used 6 working days, 5 promised, due on 10 Oct.',
      });
      await story.wall.showsNo(red('庆-6'));
      await story.until('2025-10-12T00:00:01');
      await story.wall.shows(red('庆-6'), '2025-10-12T00:00');
    },
    LIMIT_MS,
  );

  test(
    'a limit in calendar days that ends within it rolls to the first working day after',
    async () => {
      story = await openStory({ start: '2025-09-28T08:00' });
      await story.at('2025-09-28T09:00').observe(accepted('庆-历', { calendarDays: 5 }));
      expect((await story.case('庆-历')).dueDate).toBe('2025-10-09');
      await story.until('2025-10-09T23:59:59');
      await story.wall.showsNo(red('庆-历'));
      await story.until('2025-10-10T00:00:01');
      await story.wall.shows(red('庆-历'), '2025-10-10T00:00');
    },
    LIMIT_MS,
  );
});
