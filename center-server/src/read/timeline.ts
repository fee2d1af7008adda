import { regionPrefix, type Timeline, type TimelineMark } from '@mingjing/contracts';
import type { Viewer } from '../auth/viewer.ts';
import { ProblemError } from '../http/problems.ts';
import type { Queryable } from '../store/database.ts';
import { scopePattern } from './scope.ts';

/** How many marks of a kind are given at most. */
export const MOST_MARKS = 1000;

interface Place {
  kind: 'camera' | 'screen';
  id: string;
  region: string;
  hall: string | null;
  counter: string | null;
}

/** What looks at the places: cameras, and counter screens. */
export interface Eyes {
  cameras: string[];
  screens: string[];
}

interface Span {
  from: number;
  to: number;
}

type Row = Omit<TimelineMark, 'cameras'> & {
  hall: string | null;
  counter: string | null;
  /** Of an alert on a camera. */
  camera: string | null;
};

const ALERTS = `
  SELECT 'alert' AS kind, (extract(epoch FROM alert.at) * 1000)::float8 AS at, alert.kind AS what,
    alert.title->>'zh' AS text, alert.title->>'en' AS "textEn", alert.case_id AS "caseId",
    alert.case_no AS "caseNo", alert.id::text AS "alertId", alert.hall, alert.counter, alert.camera
  FROM alert
  WHERE alert.region LIKE ANY($1) AND alert.at >= to_timestamp($2 / 1000.0) AND alert.at < to_timestamp($3 / 1000.0)
    AND alert.state <> 'rescinded' AND (alert.counter = ANY($4) OR alert.hall = ANY($5) OR alert.camera = ANY($7))
  ORDER BY alert.at, alert.id LIMIT $6`;

/** An event that does not say where it was done was done where its case is. */
const CASE_EVENTS = `
  SELECT 'case' AS kind, round(extract(epoch FROM told.observed_at) * 1000)::float8 AS at, told.kind AS what,
    concat_ws(' · ', coalesce(matter.name, held.title, held.case_no), told.data->>'stage') AS text,
    concat_ws(' · ', coalesce(matter.name_en, held.title, held.case_no), told.data->>'stage') AS "textEn",
    told.case_id AS "caseId", held.case_no AS "caseNo", NULL AS "alertId",
    coalesce(told.data->>'hall', held.hall) AS hall, coalesce(told.data->>'counter', held.counter) AS counter, NULL AS camera
  FROM observation told
  JOIN case_state held ON held.case_id = told.case_id
  LEFT JOIN matter ON matter.id = held.matter
  WHERE told.observed_at >= to_timestamp($2 / 1000.0) AND told.observed_at < to_timestamp($3 / 1000.0)
    AND told.case_id IS NOT NULL AND told.region LIKE ANY($1)
    AND (told.kind LIKE 'case.%' OR told.kind IN ('barcode.scanned', 'complaint.filed'))
    AND (coalesce(told.data->>'counter', held.counter) = ANY($4) OR coalesce(told.data->>'hall', held.hall) = ANY($5))
  ORDER BY told.observed_at, told.seq LIMIT $6`;

/** The places of what a viewer may see. @throws ProblemError not-found naming the first that they may not, or is not there */
async function placesOf(db: Queryable, viewer: Viewer, { cameras, screens }: Eyes): Promise<Place[]> {
  const found = await db.query<Place>(
    `SELECT 'camera' AS kind, id, region, hall, counter FROM camera WHERE id = ANY($1) AND region LIKE $3
     UNION ALL
     SELECT 'screen', id, region, hall, counter FROM screen WHERE id = ANY($2) AND region LIKE $3`,
    [cameras, screens, scopePattern(viewer)],
  );
  const known = new Set(found.rows.map(({ kind, id }) => `${kind} "${id}"`));
  const asked = [...cameras.map((id) => `camera "${id}"`), ...screens.map((id) => `screen "${id}"`)];
  const missing = asked.find((name) => !known.has(name));
  if (missing !== undefined) throw new ProblemError('not-found', `there is no ${missing}`);
  return found.rows;
}

/**
 * Whether a camera or a screen looks at where something happened: at a camera's own place, where it is about that camera; at
 * its counter; one of a whole hall at all of the hall; and every one of a hall at what is only known to have happened there.
 */
function looksAt(eye: Place, { hall, counter, camera }: Pick<Row, 'hall' | 'counter' | 'camera'>): boolean {
  if (camera !== null) return eye.kind === 'camera' && eye.id === camera;
  if (eye.counter !== null && counter !== null) return eye.counter === counter;
  return eye.hall !== null && eye.hall === hall;
}

function markOf({ hall, counter, camera, ...mark }: Row, places: Place[]): TimelineMark[] {
  const looking = places.filter((place) => looksAt(place, { hall, counter, camera }));
  const cameras = looking.filter(({ kind }) => kind === 'camera').map(({ id }) => id);
  return looking.length === 0 ? [] : [{ ...mark, cameras }];
}

/**
 * Alerts and case events at the places of some cameras and screens, oldest first.
 * @param span in ms since the epoch; `to` is left out of it
 * @throws ProblemError not-found for a camera or a screen the viewer may not see
 */
export async function readTimeline(db: Queryable, viewer: Viewer, eyes: Eyes, span: Span): Promise<Timeline> {
  const places = await placesOf(db, viewer, eyes);
  const known = (ids: (string | null)[]) => [...new Set(ids.filter((id) => id !== null))];
  // A hall belongs to its camera's region or to one that the camera's lies in: its cases may be either's.
  const patterns = known(places.map(({ region }) => `${regionPrefix(region)}%`));
  const values = [
    patterns,
    span.from,
    span.to,
    known(places.map(({ counter }) => counter)),
    known(places.map(({ hall }) => hall)),
    MOST_MARKS + 1,
  ];
  const [alerts, events] = await Promise.all([
    db.query<Row>(ALERTS, [...values, eyes.cameras]),
    db.query<Row>(CASE_EVENTS, values),
  ]);
  const cuts = [alerts.rows, events.rows].flatMap((rows) => rows[MOST_MARKS]?.at ?? []);
  const cutAt = cuts.length === 0 ? null : Math.min(...cuts);
  const marks = [...alerts.rows, ...events.rows]
    .filter(({ at }) => cutAt === null || at < cutAt)
    .sort((one, other) => one.at - other.at)
    .flatMap((row) => markOf(row, places));
  return { marks, cutAt };
}
