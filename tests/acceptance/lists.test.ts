import { afterEach, describe, expect, test } from '@jest/globals';
import { filtersOf as alertFilters } from '../../web-wall/src/pages/alerts/filters.ts';
import { filtersOf as caseFilters } from '../../web-wall/src/pages/cases/filters.ts';
import { filtersOf as ratingFilters } from '../../web-wall/src/pages/ratings/filters.ts';
import { figureLinks, type FigureLink } from '../../web-wall/src/pages/wall/figureLinks.ts';
import { formatStanding } from '../../web-wall/src/format/standing.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { openStory, type Story } from '../helpers/story.ts';
import { accepted, decided, suspended, type Told } from '../helpers/storyWords.ts';

failOnLeaks();

const LIMIT_MS = 60_000;
let story: Story;
afterEach(() => story.end());

const rating = (caseNo: string, level: number): Told => ({ type: 'rating.given', data: { caseNo, level } });

/** How many the page counts to which a figure leads, asked for as the page asks. */
async function totalOf({ name, query }: FigureLink): Promise<number> {
  const filters = { cases: caseFilters, alerts: alertFilters, ratings: ratingFilters }[name];
  const asked = filters((key) => [query[key] ?? []].flat()) as unknown as Record<string, string | string[]>;
  const set = Object.entries(asked).filter(([, value]) => value.length > 0);
  const { total } = await story.lists[name](Object.fromEntries(set));
  return total;
}

test(
  'every figure of the wall leads to a list of exactly what it counts',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    // Yesterday counts for none of today's figures: four red cards, one case ended, one good rating.
    await story
      .at('2026-03-02T09:00')
      .observe(
        ...['昨-1', '昨-2', '昨-3', '昨-4'].map((no) => accepted(no, { workingHours: 1 })),
        accepted('昨-5', { workingDays: 9 }),
      );
    await story.at('2026-03-02T15:00').observe(decided('昨-1'), rating('昨-1', 5));
    await story
      .at('2026-03-03T09:00')
      .observe(
        ...['今-1', '今-2', '今-3'].map((no) => accepted(no, { workingHours: 1 })),
        ...[decided('昨-2'), decided('昨-5'), rating('昨-2', 1), rating('昨-5', 4), rating('昨-5', 2)],
      );
    await story.until('2026-03-03T12:30');
    const { figures } = await story.wall.snapshot();
    const links = figureLinks(figures);
    const counted = {
      accepted: figures.accepted,
      completed: figures.completed,
      open: figures.open,
      yellow: figures.yellow.standing,
      red: figures.red.standing,
      satisfaction: figures.satisfaction.given,
      alertsToday: figures.alertsToday,
    };
    expect(counted).toMatchObject({ accepted: 3, completed: 2, open: 5, satisfaction: 3 });
    expect(figures.alertsToday).toBeGreaterThan(0);
    const listed = await Promise.all(
      Object.entries(links).map(async ([name, link]) => [name, await totalOf(link)] as const),
    );
    expect(Object.fromEntries(listed)).toEqual(counted);
    // Without its period each would hold yesterday's as well.
    expect((await story.lists.cases()).total).toBe(8);
    expect((await story.lists.alerts()).total).toBeGreaterThan(figures.alertsToday);
    expect((await story.lists.ratings()).total).toBe(4);
    const end = new Date(figures.since).toISOString();
    expect((await story.lists.cases({ moment: 'ended', until: end })).cases).toMatchObject([
      { caseNo: '昨-1' },
    ]);
    expect((await story.lists.ratings({ level: ['1', '2'] })).ratings).toMatchObject([
      { level: 2, caseNo: '昨-5', regionName: '涿州市' },
      { level: 1, caseNo: '昨-2' },
    ]);
  },
  LIMIT_MS,
);

describe('a case in the list', () => {
  test(
    'stands with its limit as its page says, counted on although nothing has moved it',
    async () => {
      story = await openStory({ start: '2026-03-02T08:00' });
      await story
        .at('2026-03-02T09:00')
        .observe(
          accepted('日', { workingDays: 5 }),
          accepted('历', { calendarDays: 20 }),
          accepted('时', { workingHours: 100 }),
          accepted('停', { workingDays: 5 }),
          { type: 'case.submitted', data: { caseNo: '未', title: '未' } },
        );
      await story.at('2026-03-05T09:00').observe(suspended('停'));
      const said = async (now: string): Promise<Record<string, string | null>> => {
        const at = Date.parse(`${now}:00+08:00`);
        await story.until(now);
        const { cases } = await story.lists.cases();
        for (const listed of cases) {
          const shown = await story.case(listed.caseNo);
          expect([listed.caseNo, formatStanding(listed, at, 'zh-CN')]).toEqual([
            listed.caseNo,
            formatStanding(shown, at, 'zh-CN'),
          ]);
        }
        const words = cases.map((one) => [one.caseNo, formatStanding(one, at, 'zh-CN')?.text ?? null]);
        return Object.fromEntries(words) as Record<string, string | null>;
      };
      // The fifth working day is Monday the 9th.
      expect(await said('2026-03-06T10:00')).toMatchObject({
        ...{ 日: '剩 1 个工作日', 历: '剩 16 天', 停: '停表中', 未: null },
      });
      expect(await said('2026-03-09T10:00')).toMatchObject({ 日: '今日到期' });
      // Eight working days later; sixteen elapsed.
      expect(await said('2026-03-19T10:00')).toMatchObject({ 日: '超 8 个工作日', 历: '剩 3 天' });
      await story.at('2026-03-20T10:00').observe(decided('日'), decided('历'));
      expect(await said('2026-03-25T10:00')).toMatchObject({ 日: '超 9 个工作日', 历: '按时' });
    },
    LIMIT_MS,
  );

  test(
    'and its alerts are told with the names of both languages',
    async () => {
      story = await openStory({ start: '2026-03-02T08:00' });
      const named = { matter: 'permit', department: 'zz-housing' };
      await story.at('2026-03-02T09:00').observe(accepted('名', { workingHours: 1 }, named));
      await story.until('2026-03-02T12:00');
      const names = { department: '涿州市住建局', departmentEn: 'Zhuozhou Housing' };
      const [listed] = (await story.lists.cases({ text: 'construction' })).cases;
      const matter = { matterName: '施工许可证核发', matterNameEn: 'Construction permit' };
      expect(listed).toMatchObject({ ...names, ...matter });
      expect((await story.wall.snapshot()).recent[0]).toMatchObject({ ...names, ...matter });
      const [alert] = (await story.lists.alerts({ kind: ['red'] })).alerts;
      expect(alert).toMatchObject({ ...names, matter: '施工许可证核发', matterEn: 'Construction permit' });
    },
    LIMIT_MS,
  );
});
