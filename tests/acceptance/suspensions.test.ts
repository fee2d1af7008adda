import { afterEach, expect, test } from '@jest/globals';
import { failOnLeaks } from '../helpers/leaks.ts';
import { openStory, type Story } from '../helpers/story.ts';
import {
  accepted,
  decided,
  extended,
  notice,
  red,
  resumed,
  risk,
  suspended,
  yellow,
} from '../helpers/storyWords.ts';

failOnLeaks();

const LIMIT_MS = 60_000;
let story: Story;
afterEach(() => story.end());

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
  'an expert review over the turn of the year stops the clock, holidays and make-up Sunday within it as well',
  async () => {
    story = await openStory({ start: '2025-12-22T08:00' });
    const { at, until, wall } = story;
    await at('2025-12-22T09:00').observe(accepted('审-1', { workingDays: 10 }));
    await at('2025-12-28T10:00').observe(suspended('审-1', 'expert-review'));
    await at('2026-01-06T09:00').observe(resumed('审-1'));
    // Four days before; the day it goes on is the fifth; the tenth is Tuesday the 13th.
    const { dueDate, clock } = await story.case('审-1');
    expect(dueDate).toBe('2026-01-13');
    const days = new Map(clock!.days.map((day) => [day.date, day.mark]));
    expect([days.get('2025-12-26'), days.get('2025-12-29'), days.get('2026-01-04')]).toEqual([
      'counted',
      'suspended',
      'suspended',
    ]);
    await until('2026-01-12T00:00:01');
    await wall.shows(yellow('审-1'), '2026-01-12T00:00');
    await until('2026-01-13T23:59:59');
    await wall.showsNo(red('审-1'));
    await until('2026-01-14T00:00:01');
    const { reason } = await wall.shows(red('审-1'), '2026-01-14T00:00');
    expect(reason).toEqual({
      zh: '办件 审-1 已用 11 个工作日，承诺 10 日，停表 5 日不计，应于2026年1月13日办结。',
      en: 'Case 审-1 has used 11 working days, 10 promised, 5 suspended not counted, due on 13 Jan 2026.',
    });
  },
  LIMIT_MS,
);

test(
  'two suspensions that overlap are left out once',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall } = story;
    await at('2026-03-02T09:00').observe(accepted('叠-1', { workingDays: 5 }));
    await at('2026-03-04T10:00').observe(suspended('叠-1', 'hearing'));
    await at('2026-03-06T10:00').observe(suspended('叠-1', 'appraisal'));
    await at('2026-03-11T09:00').observe(resumed('叠-1'));
    // One day before, and from Wednesday the 11th on four more: 4, 5, 6, 9 and 10 March are five days, not eight.
    expect((await story.case('叠-1')).dueDate).toBe('2026-03-16');
    await until('2026-03-17T00:00:01');
    const { reason } = await wall.shows(red('叠-1'), '2026-03-17T00:00');
    expect(reason.zh).toContain('停表 5 日不计');
  },
  LIMIT_MS,
);

test(
  'while a hearing goes on there is no due date, only what remains; its own limit is watched',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall } = story;
    await at('2026-03-02T09:00').observe(accepted('听-2', { workingDays: 10 }));
    await at('2026-03-06T10:00').observe(suspended('听-2'));
    await until('2026-04-03T23:59:59');
    const shown = await story.case('听-2');
    expect(shown).toMatchObject({ status: 'suspended', dueDate: null, dueAt: null, overdue: false });
    expect([shown.clock!.total, shown.clock!.used]).toEqual([10, 3]);
    await wall.showsNo(notice('听-2'));
    await wall.showsNo(risk('听-2'));
    // Twenty working days from 6 March: 3 April (the 6th, 清明, is off).
    await until('2026-04-07T09:00');
    const { reason } = await wall.shows(risk('听-2', 'suspension-over-limit'), '2026-04-04T00:00');
    expect(reason.zh).toBe(
      '办件 听-2 因听证于3月6日 10:00 停表，限 20 个工作日，应于4月3日恢复，逾期未恢复，批准 局长。',
    );
    await wall.showsNo(notice('听-2'));
    expect((await story.case('听-2')).cards).toEqual([]);
  },
  LIMIT_MS,
);

test(
  'an extension takes back the yellow card that it makes untrue; one that nobody approved is a risk',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall } = story;
    await at('2026-03-02T09:00').observe(
      accepted('延-1', { workingDays: 5 }),
      accepted('延-2', { workingDays: 5 }),
    );
    await until('2026-03-09T08:00');
    await wall.shows(yellow('延-1'), '2026-03-09T00:00');
    await at('2026-03-09T10:00').observe(
      extended('延-1', { workingDays: 3 }, '局长'),
      extended('延-2', { workingDays: 3 }),
    );
    await wall.showsNo(yellow('延-1'));
    expect((await story.case('延-1')).dueDate).toBe('2026-03-12');
    const [taken] = await story.trail(yellow('延-1'));
    expect(taken!.history.at(-1)).toMatchObject({
      action: 'rescinded',
      note: '时限重算：应于3月12日办结，黄牌应自3月12日 00:00 起。',
    });
    await wall.shows(risk('延-2', 'extension-without-approver'), '2026-03-09T10:00');
    await wall.showsNo(risk('延-1'));

    await at('2026-03-12T16:00').observe(decided('延-1'));
    await until('2026-03-13T00:00:01');
    await wall.showsNo(red('延-1'));
    expect((await wall.shows(red('延-2'), '2026-03-13T00:00')).reason.zh).toBe(
      '办件 延-2 已用 9 个工作日，承诺 5 日，延长 3 日，应于3月12日办结。',
    );
  },
  LIMIT_MS,
);
