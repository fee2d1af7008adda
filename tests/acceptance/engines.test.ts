import { afterEach, expect, test } from '@jest/globals';
import { failOnLeaks } from '../helpers/leaks.ts';
import { openStory, type Story } from '../helpers/story.ts';
import { accepted, decided, happened, notice, red, yellow } from '../helpers/storyWords.ts';

failOnLeaks();

const LIMIT_MS = 60_000;
let story: Story;
afterEach(() => story.end());

test(
  'an engine that is killed after it has claimed a card and before it could commit leaves nothing; the next issues it once',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall, killBeforeCommit } = story;
    await at('2026-03-02T09:00').observe(accepted('断-1', { workingDays: 5 }));
    await until('2026-03-09T23:59:59');
    await killBeforeCommit(true);
    await expect(until('2026-03-10T00:00:01')).rejects.toThrow(/terminat/);
    await wall.showsNo(red('断-1'));
    expect((await story.case('断-1')).cards.map(({ rung }) => rung)).toEqual(['notice', 'yellow']);

    await killBeforeCommit(false);
    await until('2026-03-10T09:00');
    await wall.shows(red('断-1'), '2026-03-10T00:00');
    const [told, ...more] = await story.trail(red('断-1'));
    expect(more).toEqual([]);
    expect(told!.history.map(({ action }) => action)).toEqual(['raised']);
    expect((await story.case('断-1')).cards.map(({ rung }) => rung)).toEqual(['notice', 'yellow', 'red']);
  },
  LIMIT_MS,
);

test(
  'killed in one step that takes a card back and issues another, it does both the next time, or neither',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall, killBeforeCommit } = story;
    await at('2026-03-02T09:00').observe(accepted('断-2', { workingDays: 5 }));
    await until('2026-03-10T09:00');
    await wall.shows(red('断-2'), '2026-03-10T00:00');
    await killBeforeCommit(true);
    const told = at('2026-03-10T10:00').observe(
      happened('2026-03-09T16:00', decided('断-2')),
      accepted('断-3', { until: '2026-03-10T09:30:00+08:00' }),
    );
    await expect(told).rejects.toThrow(/terminat/);
    await wall.shows(red('断-2'), '2026-03-10T00:00');
    await wall.showsNo(red('断-3'));

    await killBeforeCommit(false);
    await until('2026-03-10T10:01');
    await wall.showsNo(red('断-2'));
    await wall.shows(red('断-3'));
    expect(await story.case('断-2')).toMatchObject({ status: 'decided', overdue: false });
  },
  LIMIT_MS,
);

test(
  'two engines that look at the same moment issue each rung once',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, sleepUntil, wall } = story;
    const cases = Array.from({ length: 30 }, (_, index) => `双-${index}`);
    await at('2026-03-02T09:00').observe(...cases.map((no) => accepted(no, { workingDays: 5 })));
    const [one, other] = [await story.anotherEngine(), await story.anotherEngine()];
    // Nobody was there while all three rungs were reached.
    sleepUntil('2026-03-10T09:00');
    await Promise.all([one.work(), other.work(), one.lookAtClocks(), other.lookAtClocks()]);

    const cards = await Promise.all(cases.map(async (no) => (await story.case(no)).cards));
    for (const held of cards) expect(held.map(({ rung }) => rung)).toEqual(['notice', 'yellow', 'red']);
    for (const rung of [notice, yellow, red]) {
      await wall.shows(rung(cases[7]!));
      const [told, ...more] = await story.trail(rung(cases[7]!));
      expect(more).toEqual([]);
      expect(told!.history.map(({ action }) => action)).toEqual(['raised']);
    }
    expect((await story.lists.alerts({ kind: ['notice', 'yellow', 'red'] })).total).toBe(90);
  },
  LIMIT_MS,
);
