import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { cityPlanSchema, type CityPlan } from './city.ts';

const DEMO = parse(
  readFileSync(path.join(import.meta.dirname, '../../demo/baoding.yaml'), 'utf8'),
) as CityPlan;

/** What is wrong with the demo city after a change, as "where: what". */
function told(change: (plan: CityPlan) => void): string[] {
  const plan = structuredClone(DEMO);
  change(plan);
  const parsed = cityPlanSchema.safeParse(plan);
  return parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

test('the walls of the demo city hold together, and a city without any is one as well', () => {
  expect(told(() => undefined)).toEqual([]);
  const { layouts, patrols, walls, ...bare } = DEMO;
  expect([layouts.length, patrols.length, walls.length]).toEqual([2, 1, 2]);
  expect(cityPlanSchema.parse(bare)).toMatchObject({ layouts: [], patrols: [], walls: [] });
});

test('what a layout, a patrol or a wall refers to and is not there is named with its field', () => {
  const wrong = told(({ layouts, patrols, walls }) => {
    layouts[0]!.grid.tiles[1]!.content = { kind: 'camera', camera: 'cam-nowhere' };
    layouts[0]!.owner = 'nobody';
    patrols[0]!.steps[2]!.show = { kind: 'cameras', cameras: ['cam-yixian-03', 'cam-gone'] };
    walls[0]!.patrol = 'none';
    walls[1]!.windows[0]!.layout = 'none';
  });
  expect(wrong).toEqual([
    'layouts.0.owner: there is no user "nobody" in the file',
    'layouts.0.grid.tiles.1.content.camera: there is no camera "cam-nowhere" in the file',
    'patrols.0.steps.2.show.cameras.1: there is no camera "cam-gone" in the file',
    'walls.0.patrol: there is no patrol "none" in the file',
    'walls.1.windows.0.layout: there is no layout "none" in the file',
  ]);
});

test('a wall shows nothing from outside its region, no case, and nothing has the name of another', () => {
  const wrong = told(({ layouts, walls }) => {
    layouts[1]!.grid.tiles[0]!.content = { kind: 'camera', camera: 'cam-yixian-03' };
    layouts[1]!.grid.tiles[1]!.content = { kind: 'case', caseId: '130681:1' };
    walls[1]!.windows[0]!.layout = 'districts';
    walls.push({ ...walls[0]!, region: '130699' });
  });
  expect(wrong).toEqual([
    'layouts.1.grid.tiles.0.content.camera: the camera "cam-yixian-03" lies in 130633, not in 130681',
    'layouts.1.grid.tiles.1.content.kind: "case": a plan has none; expected camera, screen, text or next',
    'walls.1.windows.0.layout: the layout "districts" lies in 130600, not in 130681',
    'walls.2.id: "city" is there twice',
    'walls.2.region: there is no region "130699" in the file',
    'walls.2.patrol: the patrol "counties" lies in 130600, not in 130699',
    'walls.2.windows.1.layout: the layout "districts" lies in 130600, not in 130699',
  ]);
});
