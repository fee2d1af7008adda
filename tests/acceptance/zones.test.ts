import { afterEach, expect, test } from '@jest/globals';
import { failOnLeaks } from '../helpers/leaks.ts';
import { openStory, type Story } from '../helpers/story.ts';
import { accepted, dingzhou, red, yellow } from '../helpers/storyWords.ts';

failOnLeaks();

const LIMIT_MS = 60_000;
let story: Story;
afterEach(() => story.end());

/** 定州 stands in for a county whose days begin and end elsewhere, where clocks are put forward and back. */
const elsewhere = { places: { 定州: { zone: 'Europe/Amsterdam', calendar: 'weekdays' } } } as const;

test(
  'two counties in two zones: the same moment falls on two days, and each county’s red comes at its own midnight',
  async () => {
    story = await openStory({ start: '2026-03-26T08:00', ...elsewhere });
    const { at, until, wall } = story;
    // Friday morning in 涿州, still Thursday evening in the other county.
    await at('2026-03-27T05:30').observe(
      accepted('东', { workingDays: 2 }),
      dingzhou(accepted('西', { workingDays: 2 })),
    );
    expect((await story.case('东')).dueDate).toBe('2026-03-31');
    expect((await story.case('西', '定州')).dueDate).toBe('2026-03-30');

    // Clocks there were put forward on Sunday the 29th: its midnight is 06:00 in 涿州, no longer 07:00.
    await until('2026-03-31T05:59:59');
    await wall.showsNo(red('西'));
    await until('2026-03-31T06:00:01');
    await wall.shows(red('西'), '2026-03-31T00:00+02:00');
    await until('2026-03-31T23:59:59');
    await wall.showsNo(red('东'));
    await until('2026-04-01T00:00:01');
    await wall.shows(red('东'), '2026-04-01T00:00');
  },
  LIMIT_MS,
);

test(
  'working hours are read off the wall clock, whether it was put forward or back',
  async () => {
    story = await openStory({ start: '2026-03-27T16:00', ...elsewhere });
    const { at, until, wall } = story;
    await at('2026-03-27T15:00+01:00').observe(dingzhou(accepted('春', { workingHours: 6 })));
    // Two hours on Friday, three and one on Monday.
    await until('2026-03-30T14:30:01+02:00');
    await wall.shows(red('春'), '2026-03-30T14:30:00.001+02:00');

    await at('2026-10-23T15:00+02:00').observe(dingzhou(accepted('秋', { workingHours: 6 })));
    expect((await story.case('秋', '定州')).dueAt).toBe(Date.parse('2026-10-26T14:30:00+01:00'));
    await until('2026-10-26T14:29:59+01:00');
    await wall.shows(yellow('秋'));
    await wall.showsNo(red('秋'));
    await until('2026-10-26T14:30:01+01:00');
    await wall.shows(red('秋'), '2026-10-26T14:30:00.001+01:00');
  },
  LIMIT_MS,
);
