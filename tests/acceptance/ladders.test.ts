import { afterEach, expect, test } from '@jest/globals';
import { failOnLeaks } from '../helpers/leaks.ts';
import { openStory, type Story } from '../helpers/story.ts';
import { accepted, decided, dingzhou, notice, red, risk, yellow } from '../helpers/storyWords.ts';

failOnLeaks();

const LIMIT_MS = 60_000;
let story: Story;
afterEach(() => story.end());

/** Yellow when the limit is exceeded, and no red before an order is exceeded. */
const exceededFirst = 'exceeded-first';

test(
  'a ladder that changes while cases run holds for clocks that begin under it; the others keep theirs',
  async () => {
    story = await openStory({ start: '2026-03-05T08:00' });
    const { at, until, wall, publishes } = story;
    await at('2026-03-06T09:00').observe(accepted('梯-旧', { workingDays: 5 }));
    await publishes.ruleset((rules) => ({
      ...rules,
      assignments: [...rules.assignments, { ladder: exceededFirst, from: '2026-03-09' }],
    }));
    await at('2026-03-09T09:00').observe(accepted('梯-新', { workingDays: 5 }));
    expect((await story.case('梯-旧')).clock!.ladder).toContain('用满 90% 黄牌');
    expect((await story.case('梯-新')).clock!.ladder).toContain('超期黄牌');

    // The fifth day of the old one is Friday the 13th, of the new one Monday the 16th.
    await until('2026-03-14T09:00');
    await wall.shows(yellow('梯-旧'), '2026-03-13T00:00');
    await wall.shows(red('梯-旧'), '2026-03-14T00:00');
    await until('2026-03-16T09:00');
    await wall.shows(notice('梯-新'), '2026-03-16T00:00');
    await wall.showsNo(yellow('梯-新'));
    await until('2026-03-20T09:00');
    await wall.shows(yellow('梯-新'), '2026-03-17T00:00');
    await wall.showsNo(red('梯-新'));
    expect((await story.trail(red('梯-旧')))[0]!.history.map(({ action }) => action)).toEqual(['raised']);
  },
  LIMIT_MS,
);

test(
  'a county’s own ladder goes before the city’s',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall, publishes } = story;
    await publishes.ruleset((rules) => ({
      ...rules,
      assignments: [...rules.assignments, { ladder: exceededFirst, region: '130682' }],
    }));
    await at('2026-03-02T09:00').observe(
      accepted('县-1', { workingDays: 5 }),
      dingzhou(accepted('县-2', { workingDays: 5 })),
    );
    await until('2026-03-10T00:00:01');
    await wall.shows(red('县-1'), '2026-03-10T00:00');
    await wall.shows(yellow('县-2'), '2026-03-10T00:00');
    await wall.showsNo(red('县-2'));
    expect((await story.case('县-2', '定州')).cards.at(-1)!.explanation!.ladder).toContain('超期黄牌');
  },
  LIMIT_MS,
);

test(
  'a version that was published ahead takes effect at its time: a rule is off for one county from then on',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, wall, publishes } = story;
    const byOne = [{ officer: '甲' }] as const;
    const both = (no: string) => [
      accepted(no, { workingDays: 5 }),
      dingzhou(accepted(no, { workingDays: 5 })),
    ];
    await publishes.ruleset(
      (rules) => ({
        ...rules,
        rules: {
          ...rules.rules,
          'same-officer': { enabled: true, parameters: {}, regions: [{ region: '130682', enabled: false }] },
        },
      }),
      '2026-03-09T00:00',
    );
    await at('2026-03-02T09:00').observe(...both('同-1'));
    await at('2026-03-04T09:00').observe(decided('同-1', ...byOne), dingzhou(decided('同-1', ...byOne)));
    expect(await risks('同-1')).toEqual(['130681', '130682']);

    await at('2026-03-09T09:00').observe(...both('同-2'));
    await at('2026-03-11T09:00').observe(decided('同-2', ...byOne), dingzhou(decided('同-2', ...byOne)));
    expect(await risks('同-2')).toEqual(['130681']);
    await wall.shows(risk('同-2', 'same-officer'));
  },
  LIMIT_MS,
);

/** The counties in which a risk of a case of this number stands. */
async function risks(caseNo: string): Promise<string[]> {
  const { alerts } = await story.lists.alerts({ kind: ['risk'], state: ['open'], text: caseNo });
  return alerts
    .filter(({ rule }) => rule === 'same-officer')
    .map(({ region }) => region)
    .sort();
}
