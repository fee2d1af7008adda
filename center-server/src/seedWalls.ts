import { createHash } from 'node:crypto';
import type { CityPlan, PatrolStep, PlannedLayout, PlannedPatrol } from '@mingjing/contracts';
import { appendAudit } from './audit/appendAudit.ts';
import type { Actor } from './auth/accounts.ts';
import { wasDone } from './store/audit/wasDone.ts';
import type { Client } from './store/database.ts';
import { findUser } from './store/users/findUser.ts';
import { insertKept, type KeptTable } from './store/walls/kept.ts';
import { insertWall } from './store/walls/walls.ts';
import { gridsOf, patrolSteps } from './store/walls/world.ts';

type Kind = KeptTable | 'wall';

/** What came of the layouts, patrols and walls of a plan. */
export interface SeededWalls {
  /** The names of those that are new. */
  added: string[];
  /** The names of those whose owner is no user of the centre, and of what needs something that is not there. */
  left: string[];
}

/** The same for the same thing of the same city, at every seeding: a UUID made of its names (RFC 9562, version 8). */
function plannedId(city: string, kind: Kind, id: string): string {
  const hex = createHash('sha256').update(`${city}\0${kind}\0${id}`).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/** One thing of the plan, and how it is put in. */
interface Piece {
  kind: Kind;
  /** The id that it has in the plan, and here. */
  plannedAs: string;
  id: string;
  name: string;
  region: string;
  needs: readonly string[];
  /** Null: its owner is no user of the centre. */
  insert: (() => Promise<unknown>) | null;
}

interface Place {
  client: Client;
  city: string;
  at: number;
  /** The ids of the users that own anything in the plan, by username. */
  owners: ReadonlyMap<string, number>;
}

function keptPiece(
  { client, city, at, owners }: Place,
  kind: KeptTable,
  { id: plannedAs, name, region, owner, sharedWith }: PlannedLayout | PlannedPatrol,
  { body, needs }: { body: unknown; needs: readonly string[] },
): Piece {
  const id = plannedId(city, kind, plannedAs);
  const user = owners.get(owner);
  const values = { id, name, region, body, roles: sharedWith?.roles ?? null, at };
  const insert = user === undefined ? null : () => insertKept(client, kind, user, values);
  return { kind, plannedAs, id, name, region, needs, insert };
}

/** Everything in the order in which it can be put in. */
function piecesOf(place: Place, plan: CityPlan): Piece[] {
  const { client, city, at } = place;
  const layoutOf = (id: string): string => plannedId(city, 'layout', id);
  const stepOf = (step: PatrolStep): PatrolStep =>
    step.show.kind === 'layout'
      ? { ...step, show: { kind: 'layout', layout: layoutOf(step.show.layout) } }
      : step;
  const layouts = plan.layouts.map((layout) =>
    keptPiece(place, 'layout', layout, { body: layout.grid, needs: [] }),
  );
  const patrols = plan.patrols.map((patrol) => {
    const steps = patrol.steps.map(stepOf);
    const needs = steps.flatMap(({ show }) => (show.kind === 'layout' ? show.layout : []));
    return keptPiece(place, 'patrol', patrol, { body: steps, needs });
  });
  const walls = plan.walls.map(({ id: plannedAs, ...planned }): Piece => {
    const id = plannedId(city, 'wall', plannedAs);
    const windows = planned.windows.map(({ layout }) => ({
      layout: layout === null ? null : layoutOf(layout),
    }));
    const patrol = planned.patrol === null ? null : plannedId(city, 'patrol', planned.patrol);
    const needs = [...(patrol === null ? [] : [patrol]), ...windows.flatMap(({ layout }) => layout ?? [])];
    const insert = () => insertWall(client, { ...planned, windows, patrol }, at, id);
    return { kind: 'wall', plannedAs, id, name: planned.name, region: planned.region, needs, insert };
  });
  return [...layouts, ...patrols, ...walls];
}

async function ownersOf(client: Client, plan: CityPlan): Promise<Map<string, number>> {
  const owners = new Map<string, number>();
  for (const { owner } of [...plan.layouts, ...plan.patrols]) {
    const user = owners.has(owner) ? undefined : await findUser(client, owner);
    if (user) owners.set(owner, user.id);
  }
  return owners;
}

/** A wall is needed by nothing. */
async function isThere(client: Client, { kind, id }: Piece): Promise<boolean> {
  if (kind === 'layout') return (await gridsOf(client, [id])).size > 0;
  return kind === 'wall' || (await patrolSteps(client, id)) !== null;
}

/**
 * Brings in the layouts, patrols and walls of a plan that were never brought in before, in a transaction of the
 * caller. They are people's from then on: what was changed or removed since stays so.
 */
export async function seedWalls(client: Client, by: Actor, plan: CityPlan): Promise<SeededWalls> {
  const city = plan.regions.find(({ parent }) => parent === null)?.code ?? plan.name;
  const place = { client, city, at: by.at, owners: await ownersOf(client, plan) };
  const outcome: SeededWalls = { added: [], left: [] };
  const missing = new Set<string>();
  for (const piece of piecesOf(place, plan)) {
    const { kind, plannedAs, id, name, region, needs, insert } = piece;
    const action = `${kind}.added`;
    if (await wasDone(client, action, id)) {
      if (!(await isThere(client, piece))) missing.add(id);
    } else if (insert === null || needs.some((one) => missing.has(one))) {
      missing.add(id);
      outcome.left.push(name);
    } else {
      await insert();
      await appendAudit(client, { ...by, region, action, object: id, detail: { name, plannedAs } });
      outcome.added.push(name);
    }
  }
  return outcome;
}
