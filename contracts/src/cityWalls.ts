import type { z } from 'zod';
import { inScope } from './region.ts';
import { identifierSchema, nameSchema } from './text.ts';
import { newLayoutSchema, newPatrolSchema, newWallSchema, type TileContent } from './walls.ts';

/** Whose it is: the username of one of the plan's users. */
const owner = nameSchema;

/** Layouts and patrols of a plan have a user of the plan as their owner; what they refer to has the file's own ids. */
export const plannedLayoutSchema = newLayoutSchema.extend({ id: identifierSchema, owner });
export type PlannedLayout = z.infer<typeof plannedLayoutSchema>;
export const plannedPatrolSchema = newPatrolSchema.extend({ id: identifierSchema, owner });
export type PlannedPatrol = z.infer<typeof plannedPatrolSchema>;
export const plannedWallSchema = newWallSchema.extend({ id: identifierSchema });
type PlannedWall = z.infer<typeof plannedWallSchema>;

/** A thing of a plan that lies somewhere. */
interface Placed {
  id: string;
  region: string;
}

/** What is looked at of a plan. */
interface PlannedWalls {
  regions: readonly { code: string }[];
  users: readonly { username: string }[];
  cameras: readonly Placed[];
  screens: readonly Placed[];
  layouts: readonly PlannedLayout[];
  patrols: readonly PlannedPatrol[];
  walls: readonly PlannedWall[];
}

type Path = (string | number)[];

/** What is wrong, and where in the plan it stands. */
interface PlanProblem {
  path: Path;
  message: string;
}

/** Ways to look something of a plan up; what is not there is noted. */
function lookerUp(plan: PlannedWalls, problems: PlanProblem[]) {
  const say = (path: Path, message: string): void => void problems.push({ path, message });
  const regions = new Set(plan.regions.map(({ code }) => code));
  const users = new Set(plan.users.map(({ username }) => username));
  const known = {
    camera: new Map(plan.cameras.map(({ id, region }) => [id, region])),
    screen: new Map(plan.screens.map(({ id, region }) => [id, region])),
    layout: new Map(plan.layouts.map(({ id, region }) => [id, region])),
    patrol: new Map(plan.patrols.map(({ id, region }) => [id, region])),
  };
  /** It is in the file, and within the region of what refers to it. */
  function refer(kind: keyof typeof known, id: string, region: string, path: Path): void {
    const where = known[kind].get(id);
    if (where === undefined) say(path, `there is no ${kind} "${id}" in the file`);
    else if (!inScope(region, where)) say(path, `the ${kind} "${id}" lies in ${where}, not in ${region}`);
  }
  return {
    refer,
    /** Once, in a region of the file. */
    place: (list: 'layouts' | 'patrols' | 'walls', at: number, { id, region }: Placed): void => {
      if (plan[list].findIndex((other) => other.id === id) !== at)
        say([list, at, 'id'], `"${id}" is there twice`);
      if (!regions.has(region)) say([list, at, 'region'], `there is no region "${region}" in the file`);
    },
    own: (whose: string, path: Path): void => {
      if (!users.has(whose)) say(path, `there is no user "${whose}" in the file`);
    },
    tile: (content: TileContent, region: string, path: Path): void => {
      if (content.kind === 'camera') refer('camera', content.camera, region, [...path, 'camera']);
      if (content.kind === 'screen') refer('screen', content.screen, region, [...path, 'screen']);
      if (content.kind === 'case')
        say([...path, 'kind'], '"case": a plan has none; expected camera, screen, text or next');
    },
  };
}

/** Everything that the layouts, patrols and walls of a plan refer to and that is not there, with where it stands. */
export function wallProblems(plan: PlannedWalls): PlanProblem[] {
  const problems: PlanProblem[] = [];
  const { refer, place, own, tile } = lookerUp(plan, problems);
  for (const [at, layout] of plan.layouts.entries()) {
    place('layouts', at, layout);
    own(layout.owner, ['layouts', at, 'owner']);
    for (const [index, { content }] of layout.grid.tiles.entries())
      tile(content, layout.region, ['layouts', at, 'grid', 'tiles', index, 'content']);
  }
  for (const [at, patrol] of plan.patrols.entries()) {
    place('patrols', at, patrol);
    own(patrol.owner, ['patrols', at, 'owner']);
    for (const [index, { show }] of patrol.steps.entries()) {
      const path: Path = ['patrols', at, 'steps', index, 'show'];
      if (show.kind === 'layout') refer('layout', show.layout, patrol.region, [...path, 'layout']);
      else
        for (const [n, camera] of show.cameras.entries())
          refer('camera', camera, patrol.region, [...path, 'cameras', n]);
    }
  }
  for (const [at, wall] of plan.walls.entries()) {
    place('walls', at, wall);
    if (wall.patrol !== null) refer('patrol', wall.patrol, wall.region, ['walls', at, 'patrol']);
    for (const [index, { layout }] of wall.windows.entries())
      if (layout !== null) refer('layout', layout, wall.region, ['walls', at, 'windows', index, 'layout']);
  }
  return problems;
}
