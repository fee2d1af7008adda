import { afterEach, expect, test } from '@jest/globals';
import { failOnLeaks } from '../helpers/leaks.ts';
import { openStory, type Story } from '../helpers/story.ts';
import {
  accepted,
  byCity,
  decided,
  dingzhou,
  happened,
  heartbeat,
  ordered,
  orderAnswered,
  red,
  risk,
  ruleFailed,
  silent,
  yellow,
} from '../helpers/storyWords.ts';

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

test(
  'while a collector is silent over a weekend its cases wait for it, the others’ do not',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00', expectEverySeconds: 24 * 3600 });
    const { at, until, wall } = story;
    // Four working days: Friday the 6th is the last.
    await at('2026-03-02T09:00').observe(
      accepted('静-1', { workingDays: 4 }),
      accepted('静-2', { workingDays: 4 }),
      dingzhou(accepted('静-邻', { workingDays: 4 })),
    );
    for (const day of ['03', '04', '05']) await at(`2026-03-${day}T18:00`).observe(heartbeat());
    await until('2026-03-06T18:30');
    await wall.shows(silent(SOURCE), '2026-03-06T18:00');
    await wall.shows(yellow('静-1'), '2026-03-06T00:00');

    await until('2026-03-09T07:59');
    await wall.shows(red('静-邻'), '2026-03-07T00:00');
    for (const no of ['静-1', '静-2']) await wall.showsNo(red(no));
    expect(await story.case('静-1')).toMatchObject({ status: 'accepted', dueDate: '2026-03-06' });

    // On Monday it tells what it has kept: the one was decided on Friday, of the other there is nothing.
    await at('2026-03-09T08:00').observe(happened('2026-03-06T16:00', decided('静-1')), heartbeat());
    await until('2026-03-09T08:10');
    await wall.showsNo(silent(SOURCE));
    expect(await story.trail(red('静-1'))).toEqual([]);
    expect(await story.case('静-1')).toMatchObject({ status: 'decided', overdue: false });
    await wall.shows(red('静-2'), '2026-03-07T00:00');
    const [, , late] = (await story.case('静-2')).cards;
    expect(late).toMatchObject({ rung: 'red', at: Date.parse('2026-03-07T00:00:00+08:00') });
    expect(late!.issuedAt).toBeGreaterThanOrEqual(Date.parse('2026-03-09T08:00:00+08:00'));
  },
  LIMIT_MS,
);

test(
  'nothing that others do over such a weekend makes a waiting case red: an order, an answer, a new calendar',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00', expectEverySeconds: 24 * 3600 });
    const { at, until, wall, publishes } = story;
    await at('2026-03-02T09:00').observe(
      accepted('等-1', { workingDays: 4 }),
      accepted('等-2', { workingDays: 4 }),
    );
    await at('2026-03-05T18:00').observe(heartbeat());
    await at('2026-03-07T10:00').observe(byCity(ordered('等-1', '〔2026〕7号', { workingDays: 5 })));
    await wall.showsNo(red('等-1'));
    await at('2026-03-07T15:00').observe(byCity(orderAnswered('等-1', '〔2026〕7号')));
    await publishes.calendar({ put: [{ date: '2026-03-03', working: true, name: '照常' }] });
    await until('2026-03-08T12:00');
    for (const no of ['等-1', '等-2']) await wall.showsNo(red(no));

    await at('2026-03-09T08:00').observe(happened('2026-03-06T16:00', decided('等-1')), heartbeat());
    await until('2026-03-09T08:10');
    expect(await story.trail(red('等-1'))).toEqual([]);
    expect((await story.case('等-1')).overdue).toBe(false);
    await wall.shows(red('等-2'), '2026-03-07T00:00');
  },
  LIMIT_MS,
);
