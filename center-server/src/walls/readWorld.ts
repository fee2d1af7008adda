import type { PatrolStep, WallState } from '@mingjing/contracts';
import { regionPrefix } from '@mingjing/contracts';
import { alertsById } from '../read/alerts.ts';
import type { Queryable } from '../store/database.ts';
import { getWall, type WallRow } from '../store/walls/walls.ts';
import {
  alertStates,
  camerasOff,
  gridsOf,
  patrolSteps,
  surroundingsOf,
  waitingAlerts,
  wallCases,
} from '../store/walls/world.ts';
import { compose } from './compose.ts';
import type { WallWorld } from './course.ts';

const camerasOf = (steps: readonly PatrolStep[]) => [
  ...new Set(steps.flatMap(({ show }) => (show.kind === 'cameras' ? show.cameras : []))),
];

/** Looks at what a wall decides by. @param at now, ms since the epoch */
export async function readWorld(db: Queryable, wall: WallRow, at: number): Promise<WallWorld> {
  const { shown, alert } = wall.course;
  const known = alert ? [...shown, alert.id] : shown;
  const patrol = await patrolSteps(db, wall.patrol);
  return {
    holdSeconds: wall.alertPolicy.holdSeconds,
    patrol,
    waiting: await waitingAlerts(db, wall, { but: known, at }),
    states: await alertStates(db, known),
    off: await camerasOff(db, camerasOf(patrol?.steps ?? [])),
  };
}

/** What a wall shows now, whole; undefined when there is no such wall. @param at now, ms since the epoch */
export async function readWallState(db: Queryable, id: string, at: number): Promise<WallState | undefined> {
  const wall = await getWall(db, id);
  if (!wall) return undefined;
  const { course, rev, name, region } = wall;
  const patrol = await patrolSteps(db, wall.patrol);
  const steps = patrol?.steps ?? [];
  const { next = [] } = course;
  const told = await alertsById(db, [...(course.alert ? [course.alert.id] : []), ...next]);
  const raised = told.find((one) => one.id === course.alert?.id);
  const near = raised ? await surroundingsOf(db, raised.id) : null;
  const layouts = await gridsOf(db, [
    ...wall.windows.flatMap(({ layout }) => layout ?? []),
    ...steps.flatMap(({ show }) => (show.kind === 'layout' ? show.layout : [])),
  ]);
  const windows = compose(course, {
    ...{ windows: wall.windows, layouts, steps },
    alert: near && raised ? { ...near, caseId: raised.caseId } : null,
  });
  const contents = windows.flatMap(({ grid }) => grid.tiles.map(({ content }) => content));
  const caseIds = contents.flatMap((content) => (content.kind === 'case' ? content.caseId : []));
  const held = course.patrol;
  return {
    ...{ wall: id, name, region, rev, at, windows, queue: course.queue, sent: course.sent },
    waiting: next.flatMap((waits) => told.find((one) => one.id === waits) ?? []),
    patrol:
      patrol && held?.id === patrol.id
        ? {
            ...{ id: patrol.id, name: patrol.name, step: held.step, of: steps.length, until: held.until },
            pausedBy: course.alert ? 'alert' : held.heldByOperator ? 'operator' : null,
          }
        : null,
    alert: near && raised && course.alert ? { alert: raised, ...near, until: course.alert.until } : null,
    cases: await wallCases(db, [...new Set(caseIds)], regionPrefix(region)),
  };
}
