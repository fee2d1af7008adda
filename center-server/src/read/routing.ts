import type {
  Addressee,
  AlertRouting,
  Millis,
  Role,
  RoutingReason,
  Sentence,
  Telling,
} from '@mingjing/contracts';
import { foresee, type Foreseen } from '@mingjing/rules';
import { readSituations, type Surroundings } from '../alerting/situations.ts';
import { maySee, type Viewer } from '../auth/viewer.ts';
import type { Queryable } from '../store/database.ts';
import { getAlert } from './alerts.ts';

interface ToldRow {
  at: number;
  level: number;
  round: number;
  title: Sentence;
  reason: RoutingReason;
  user: string;
  role: Role;
  region: string;
}

/** Who a viewer is told that they are: who works outside the viewer's own region stays unnamed. */
type NameFor = (region: string, name: string | undefined) => string | null;

function addressee(
  { directory }: Surroundings,
  nameFor: NameFor,
  { user, role, region }: { user: string | undefined; role: Role; region: string },
): Addressee {
  const place = directory.region(region);
  const named = { regionName: place?.name ?? region, regionNameEn: place?.nameEn ?? region };
  return { user: nameFor(region, user), role, region, ...named };
}

/** Those who were told up to an instant, oldest first; whoever was told at one time at one tier together. */
async function toldUpTo(
  db: Queryable,
  around: Surroundings,
  nameFor: NameFor,
  { id, at }: { id: number; at: Millis },
): Promise<Telling[]> {
  const found = await db.query<ToldRow>(
    `SELECT (extract(epoch FROM at) * 1000)::float8 AS at, level, round, title, reason, app_user.name AS user,
            telling.role, telling.region
     FROM telling JOIN app_user ON app_user.id = telling.user_id
     WHERE alert_id = $1 AND at <= to_timestamp($2 / 1000.0) ORDER BY at, level, telling.id`,
    [id, at],
  );
  const together = Map.groupBy(found.rows, ({ at: when, level, round }) => `${when}|${level}|${round}`);
  return [...together.values()].flatMap((rows) => {
    const [first] = rows;
    if (!first) return [];
    const { title, reason, level, round } = first;
    return [
      { at: first.at, level, round, title, reason, who: rows.map((row) => addressee(around, nameFor, row)) },
    ];
  });
}

async function namesOf(db: Queryable, next: Foreseen[]): Promise<Map<number, string>> {
  const ids = next.flatMap(({ decision }) =>
    decision.tell.flatMap(({ people }) => people.map((one) => one.userId)),
  );
  const found = await db.query<{ id: number; name: string }>(
    'SELECT id, name FROM app_user WHERE id = ANY($1)',
    [ids],
  );
  return new Map(found.rows.map(({ id, name }) => [id, name]));
}

/**
 * Who was told of an alert up to an instant, and who would be after it if nobody acts. Asked about the past it
 * answers as it was known then; about the future, as it would come from now on.
 * @param times ms since the epoch: the instant asked about, and now
 * @throws ProblemError not-found, also for an alert the viewer may not see
 */
export async function routingOf(
  db: Queryable,
  around: Surroundings,
  viewer: Viewer,
  id: number,
  { at, now }: { at: Millis; now: Millis },
): Promise<AlertRouting> {
  const { alert } = await getAlert(db, viewer, id);
  const known = Math.max(Math.min(at, now), alert.raisedAt);
  const [routed] = await readSituations(db, around, [id], known);
  if (!routed) throw new Error(`alert ${id} went away while it was read`);
  const { decision, next } = foresee(routed.situation, known, at);
  const names = await namesOf(db, next);
  const nameFor: NameFor = (region, name) => (maySee(viewer, region) ? (name ?? null) : null);
  const coming = next.flatMap(({ at: when, decision: { tell, reason, round } }) =>
    tell.map(({ level, people }): Telling => ({
      ...{ at: when, level, round, title: null, reason },
      who: people.map((one) => addressee(around, nameFor, { ...one, user: names.get(one.userId) })),
    })),
  );
  const { stage, reason, until } = decision;
  return {
    asOf: at,
    rulesetVersion: around.rules.ruleset().version,
    decision: { stage, reason, until },
    told: await toldUpTo(db, around, nameFor, { id, at: known }),
    next: coming,
  };
}
