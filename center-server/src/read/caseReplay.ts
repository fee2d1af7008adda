import type { CaseReplay, ReplayEye, ReplayPlace } from '@mingjing/contracts';
import type { Viewer } from '../auth/viewer.ts';
import { ProblemError } from '../http/problems.ts';
import type { Queryable } from '../store/database.ts';
import { scopePattern } from './scope.ts';

interface Eye {
  kind: 'camera' | 'screen';
  id: string;
  name: string;
  hall: string | null;
  counter: string | null;
}

type Where = Pick<ReplayPlace, 'from' | 'hall' | 'counter'>;

/** Where the case was from each of its events on; an event that does not say leaves it where it was. */
function wanderings(
  events: { at: number; hall: string | null; counter: string | null }[],
  held: { hall: string | null; counter: string | null },
): Where[] {
  const places: Where[] = [];
  for (const { at, hall, counter } of events) {
    if (hall === null && counter === null) continue;
    const last = places.at(-1);
    // Another hall without a counter: the counter is not known there.
    const next = { from: at, hall: hall ?? (counter === null ? (last?.hall ?? null) : null), counter };
    if (counter === null && last && (hall === null || hall === last.hall)) next.counter = last.counter;
    if (!last || last.hall !== next.hall || last.counter !== next.counter) places.push(next);
  }
  if (places.length === 0) return [{ from: 0, ...held }];
  // What was told first holds for what came before it too.
  return places.map((place, index) => (index === 0 ? { ...place, from: 0 } : place));
}

/** What looks at a place: what stands at its counter, and of a kind of which none stands there, what its hall has. */
function placeOf(where: Where, eyes: readonly Eye[]): ReplayPlace {
  const ofKind = (kind: Eye['kind']): ReplayEye[] => {
    const all = eyes.filter((eye) => eye.kind === kind);
    const own = all.filter(({ counter }) => counter !== null && counter === where.counter);
    const inHall = all.filter(
      ({ hall, counter }) => counter === null && hall !== null && hall === where.hall,
    );
    const at = own.length > 0 ? 'counter' : 'hall';
    return (own.length > 0 ? own : inHall).map(({ id, name }) => ({ id, name, at }));
  };
  return { ...where, cameras: ofKind('camera'), screens: ofKind('screen') };
}

/** The halls of counters, for events that name a counter only. */
async function hallsOf(db: Queryable, counters: string[]): Promise<Map<string, string>> {
  const found = await db.query<{ id: string; hall: string }>(
    'SELECT id, hall FROM counter WHERE id = ANY($1)',
    [counters],
  );
  return new Map(found.rows.map(({ id, hall }) => [id, hall]));
}

/** Where a case was, and which cameras and screens look there. @throws ProblemError not-found, also for one the viewer may not see */
export async function readCaseReplay(db: Queryable, viewer: Viewer, caseId: string): Promise<CaseReplay> {
  const scope = scopePattern(viewer);
  const held = await db.query<{ hall: string | null; counter: string | null }>(
    'SELECT hall, counter FROM case_state WHERE case_id = $1 AND region LIKE $2',
    [caseId, scope],
  );
  if (!held.rows[0]) throw new ProblemError('not-found', `there is no case ${caseId} in ${viewer.region}`);
  const events = await db.query<{ at: number; hall: string | null; counter: string | null }>(
    `SELECT round(extract(epoch FROM observed_at) * 1000)::float8 AS at, data->>'hall' AS hall, data->>'counter' AS counter
     FROM observation WHERE case_id = $1 AND kind LIKE 'case.%' ORDER BY observed_at, seq`,
    [caseId],
  );
  const wandered = wanderings(events.rows, held.rows[0]);
  const halls = await hallsOf(
    db,
    wandered.flatMap(({ counter }) => counter ?? []),
  );
  const wheres = wandered.map((where) => ({
    ...where,
    hall: where.hall ?? halls.get(where.counter ?? '') ?? null,
  }));
  const eyes = await db.query<Eye>(
    `SELECT * FROM (
       SELECT 'camera' AS kind, id, name, hall, counter FROM camera WHERE disabled_at IS NULL AND region LIKE $1
       UNION ALL
       SELECT 'screen' AS kind, id, name, hall, counter FROM screen WHERE disabled_at IS NULL AND region LIKE $1
     ) AS eye WHERE counter = ANY($2) OR (counter IS NULL AND hall = ANY($3)) ORDER BY kind, id`,
    [scope, wheres.map(({ counter }) => counter), wheres.map(({ hall }) => hall)],
  );
  return { places: wheres.map((where) => placeOf(where, eyes.rows)) };
}
