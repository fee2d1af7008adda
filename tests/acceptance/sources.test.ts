import { afterEach, expect, test } from '@jest/globals';
import { failOnLeaks } from '../helpers/leaks.ts';
import { openStory, type Story } from '../helpers/story.ts';
import { accepted, decided, heartbeat, red, risk, ruleFailed, silent } from '../helpers/storyWords.ts';

failOnLeaks();

const LIMIT_MS = 60_000;
const SOURCE = 'zz-approval';
let story: Story;
afterEach(() => story.end());

test(
  'a collector that is silent over a weekend raises one alert, which clears when it speaks',
  async () => {
    story = await openStory({ start: '2026-03-06T08:00', expectEverySeconds: 3600 });
    const { at, until, wall } = story;
    for (const hour of ['09', '10', '11', '12']) await at(`2026-03-06T${hour}:00`).observe(heartbeat());
    await until('2026-03-06T13:00');
    await wall.showsNo(silent(SOURCE));
    await until('2026-03-06T13:30');
    await wall.shows(silent(SOURCE), '2026-03-06T13:00');
    await until('2026-03-09T07:59');
    await wall.shows(silent(SOURCE), '2026-03-06T13:00');
    expect(await story.trail(silent(SOURCE))).toHaveLength(1);

    await at('2026-03-09T08:00').observe(heartbeat());
    await wall.showsNo(silent(SOURCE));
    const [weekend] = await story.trail(silent(SOURCE));
    expect(weekend!.history.map(({ action }) => action)).toEqual(['raised', 'closed']);

    // It is not forgotten: the next silence is told anew.
    await until('2026-03-09T10:00');
    await wall.shows(silent(SOURCE), '2026-03-09T09:00');
    expect(await story.trail(silent(SOURCE))).toHaveLength(2);
  },
  LIMIT_MS,
);

test(
  'a rule that throws is told of, and holds up neither the other rules nor the other cases',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall } = story;
    const limit = { budget: { workingDays: 5 }, zone: 'Mars/Olympus' };
    await at('2026-03-02T09:00').observe(
      accepted('火-1', { workingDays: 5 }, { limit }),
      accepted('地-1', { workingDays: 5 }),
    );
    const alert = await wall.shows(ruleFailed('火-1'));
    expect(alert).toMatchObject({ rule: 'overdue', reason: { zh: expect.stringContaining('Mars/Olympus') } });
    await wall.showsNo(ruleFailed('地-1'));

    await until('2026-03-10T00:00:01');
    await wall.shows(red('地-1'), '2026-03-10T00:00');
    await at('2026-03-10T09:00').observe(decided('火-1', { officer: '甲' }));
    // Another rule judges the very case on which the first one throws.
    await wall.shows(risk('火-1'));
    expect(await story.trail(ruleFailed('火-1'))).toHaveLength(1);

    await at('2026-03-10T10:00').observe(accepted('火-1', { workingDays: 5 }));
    await until('2026-03-10T10:01');
    await wall.showsNo(ruleFailed('火-1'));
    const [failure] = await story.trail(ruleFailed('火-1'));
    expect(failure!.history.map(({ action }) => action)).toEqual(['raised', 'rescinded']);
  },
  LIMIT_MS,
);
