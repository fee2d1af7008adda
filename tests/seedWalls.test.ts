import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cityPlanSchema, type CityPlan, type Layout, type Patrol, type Wall } from '@mingjing/contracts';
import { openTestCentre, PASSWORD, type TestCentre } from './helpers/centre.ts';
import { SMALL_CITY } from './helpers/city.ts';
import { seedCity } from '../center-server/src/seedCity.ts';
import type { SeededWalls } from '../center-server/src/seedWalls.ts';
import { inTransaction } from '../center-server/src/store/database.ts';

const EVERYBODY = { roles: ['inspector' as const, 'administrator' as const] };

/** The small city with a layout, a patrol that shows it, and a wall of both. */
function planWith(name = '一号布局'): CityPlan {
  const grid = {
    ...{ columns: 1, rows: 1 },
    tiles: [{ x: 0, y: 0, w: 1, h: 1, content: { kind: 'camera', camera: 'zz-camera' } }],
  };
  const common = { region: '130681', owner: 'zz-inspector', sharedWith: EVERYBODY };
  const show = { kind: 'layout', layout: 'one' };
  return cityPlanSchema.parse({
    ...SMALL_CITY,
    layouts: [{ ...common, id: 'one', name, grid }],
    patrols: [{ ...common, id: 'round', name: '巡', steps: [{ dwellSeconds: 9, show }] }],
    walls: [
      {
        ...{ id: 'hall', name: '大厅', region: '130681', patrol: 'round' },
        windows: [{ layout: null }, { layout: 'one' }],
      },
    ],
  });
}

let centre: TestCentre;
let cookie: string;

function seed(plan: CityPlan, password: string | null = PASSWORD): Promise<SeededWalls> {
  const by = { actor: 'test', at: centre.clock.now };
  return inTransaction(
    centre.pool,
    async (client) => (await seedCity(client, by, plan, password ?? undefined)).walls,
  );
}
async function read<T>(request: string): Promise<T> {
  const answer = await centre.call(request, { cookie });
  expect([request, answer.status]).toEqual([request, 200]);
  return answer.body as T;
}
const kept = async () => ({
  layouts: await read<Layout[]>('GET /api/layouts'),
  patrols: await read<Patrol[]>('GET /api/patrols'),
  walls: await read<Wall[]>('GET /api/walls'),
});

describe('the walls that a city begins with', () => {
  beforeAll(async () => {
    centre = await openTestCentre();
    cookie = await centre.signIn('admin');
  }, 60_000);
  afterAll(() => centre.close());

  test('are brought in once, under the owners of the plan, referring to each other', async () => {
    expect(await seed(planWith())).toEqual({ added: ['一号布局', '巡', '大厅'], left: [] });
    const { layouts, patrols, walls } = await kept();
    expect(layouts).toMatchObject([{ name: '一号布局', owner: 'zz-inspector', sharedWith: EVERYBODY }]);
    expect(patrols).toMatchObject([{ steps: [{ show: { kind: 'layout', layout: layouts[0]!.id } }] }]);
    expect(walls).toMatchObject([
      {
        ...{ name: '大厅', patrol: patrols[0]!.id },
        windows: [{ layout: null }, { layout: layouts[0]!.id }],
        alertPolicy: { levels: ['red', 'yellow'], holdSeconds: 60 },
      },
    ]);
    expect(await seed(planWith('别名'))).toEqual({ added: [], left: [] });
    expect(await kept()).toEqual({ layouts, patrols, walls });
  });

  test('are people’s afterwards: what was changed or removed stays so, and what is new comes', async () => {
    const { layouts, patrols, walls } = await kept();
    const [layout, patrol, wall] = [layouts[0]!, patrols[0]!, walls[0]!];
    const { region, grid, sharedWith, revision } = layout;
    const body = { name: '我改过的', region, grid, sharedWith, revision };
    expect((await centre.call(`PUT /api/layouts/${layout.id}`, { cookie, body })).status).toBe(200);
    expect((await centre.call(`DELETE /api/patrols/${patrol.id}`, { cookie })).status).toBe(204);
    expect((await centre.call(`DELETE /api/walls/${wall.id}`, { cookie })).status).toBe(204);
    const plan = planWith();
    const [first] = plan.walls;
    const more = [
      { ...first!, id: 'second', name: '二号屏', patrol: null },
      { ...first!, id: 'third', name: '三号屏' },
    ];
    // The third needs a patrol that somebody has removed.
    expect(await seed({ ...plan, walls: [...plan.walls, ...more] })).toEqual({
      ...{ added: ['二号屏'], left: ['三号屏'] },
    });
    const after = await kept();
    expect(after.layouts).toMatchObject([{ name: '我改过的', revision: 2 }]);
    expect([after.patrols, after.walls.map(({ name }) => name)]).toEqual([[], ['二号屏']]);
  });

  test('wait for their owner: without the plan’s users they are left out, and said so', async () => {
    const plan = planWith();
    const users = [...plan.users, { ...plan.users[0]!, username: 'later' }];
    const common = { ...plan.layouts[0]!, id: 'two', name: '二号布局', owner: 'later' };
    const wall = {
      ...plan.walls[0]!,
      id: 'fourth',
      name: '四号屏',
      patrol: null,
      windows: [{ layout: 'two' }],
    };
    const later = { ...plan, users, layouts: [common], patrols: [], walls: [wall] };
    expect(await seed(later, null)).toEqual({ added: [], left: ['二号布局', '四号屏'] });
    expect(await seed(later)).toEqual({ added: ['二号布局', '四号屏'], left: [] });
  });
});
