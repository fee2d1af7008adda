import type { Figures, Region, RegionFigures } from '@mingjing/contracts';
import { regionPrefix } from '@mingjing/contracts';
import type { Queryable } from '../store/database.ts';

interface CountRow {
  since: number;
  accepted: number;
  completed: number;
  onTime: number;
  open: number;
  given: number;
  bad: number;
  alertsToday: number;
}

const TODAY = `date_trunc('day', to_timestamp($2 / 1000.0) AT TIME ZONE $3) AT TIME ZONE $3`;

const COUNTS = `
  WITH today AS (SELECT ${TODAY} AS since)
  SELECT (extract(epoch FROM since) * 1000)::float8 AS since,
    (SELECT count(*) FROM case_state WHERE accepted_at >= since AND region LIKE $1) AS accepted,
    (SELECT count(*) FROM case_state WHERE ended_at >= since AND region LIKE $1) AS completed,
    (SELECT count(*) FROM case_state JOIN case_clock AS clock USING (case_id)
      WHERE case_state.ended_at >= since AND region LIKE $1 AND clock.ended_at <= clock.due_at) AS "onTime",
    (SELECT count(*) FROM case_state WHERE ended_at IS NULL AND region LIKE $1) AS open,
    (SELECT count(*) FROM rating WHERE at >= since AND region LIKE $1) AS given,
    (SELECT count(*) FROM rating WHERE at >= since AND region LIKE $1 AND level <= 2) AS bad,
    (SELECT count(*) FROM alert WHERE raised_at >= since AND region LIKE $1) AS "alertsToday"
  FROM today`;

const STANDING = `
  SELECT kind, count(*) AS standing, count(*) FILTER (WHERE state = 'open') AS unacknowledged
  FROM alert WHERE state IN ('open', 'acknowledged') AND region LIKE $1 AND kind IN ('yellow', 'red', 'risk') GROUP BY kind`;

const hourly = (column: 'accepted_at' | 'ended_at') => `
  SELECT floor(extract(epoch FROM ${column} - ${TODAY}) / 3600)::int AS hour, count(*) AS n
  FROM case_state WHERE ${column} >= ${TODAY} AND region LIKE $1 GROUP BY 1`;

function byHour(rows: { hour: number; n: number }[], hours: number): number[] {
  const counts = Array.from({ length: hours }, () => 0);
  for (const { hour, n } of rows) if (hour < hours) counts[hour] = n;
  return counts;
}

/**
 * Today's figures of a scope, since the local midnight of its zone.
 * @param at now, ms since the epoch
 */
export async function figuresOf(db: Queryable, scope: Region, at: number): Promise<Figures> {
  const pattern = `${regionPrefix(scope.code)}%`;
  const today = [pattern, at, scope.zone];
  const [counts, cards, accepted, completed] = await Promise.all([
    db.query<CountRow>({ name: 'figures', text: COUNTS, values: today }),
    db.query<{ kind: string; standing: number; unacknowledged: number }>(STANDING, [pattern]),
    db.query<{ hour: number; n: number }>(hourly('accepted_at'), today),
    db.query<{ hour: number; n: number }>(hourly('ended_at'), today),
  ]);
  const count = counts.rows[0];
  if (!count) throw new Error('the figures query returned no row');
  const standing = (kind: string) => {
    const row = cards.rows.find((card) => card.kind === kind);
    return { standing: row?.standing ?? 0, unacknowledged: row?.unacknowledged ?? 0 };
  };
  const hours = Math.max(1, Math.ceil((at - count.since) / 3_600_000));
  return {
    since: count.since,
    asOf: at,
    accepted: count.accepted,
    completed: count.completed,
    onTimeRate: count.completed === 0 ? null : count.onTime / count.completed,
    open: count.open,
    yellow: standing('yellow'),
    red: standing('red'),
    risk: standing('risk'),
    satisfaction: {
      rate: count.given === 0 ? null : (count.given - count.bad) / count.given,
      given: count.given,
      bad: count.bad,
    },
    alertsToday: count.alertsToday,
    hourly: { accepted: byHour(accepted.rows, hours), completed: byHour(completed.rows, hours) },
  };
}

/** One row per child region of a scope, for the chart: each counts its own subtree. */
export async function regionFigures(db: Queryable, scope: Region, children: Region[], at: number) {
  if (children.length === 0) return [];
  const found = await db.query<RegionFigures & { onTime: number }>(
    `WITH child AS (SELECT * FROM unnest($1::text[], $4::text[], $5::text[]) AS c(code, name, pattern)),
     today AS (SELECT ${TODAY} AS since),
     done AS (SELECT child.code, count(*) AS completed, count(*) FILTER (WHERE clock.ended_at <= clock.due_at) AS on_time
              FROM today, child JOIN case_state ON case_state.region LIKE child.pattern LEFT JOIN case_clock AS clock USING (case_id)
              WHERE case_state.ended_at >= since GROUP BY 1),
     running AS (SELECT child.code, count(*) AS open FROM child JOIN case_state ON region LIKE child.pattern
                 WHERE ended_at IS NULL GROUP BY 1),
     cards AS (SELECT child.code, count(*) FILTER (WHERE kind = 'yellow') AS yellow, count(*) FILTER (WHERE kind = 'red') AS red
               FROM child JOIN alert ON alert.region LIKE child.pattern
               WHERE alert.state IN ('open', 'acknowledged') GROUP BY 1)
     SELECT child.code AS region, child.name, coalesce(open, 0) AS open, coalesce(completed, 0) AS completed,
            coalesce(on_time, 0) AS "onTime", coalesce(yellow, 0) AS yellow, coalesce(red, 0) AS red
     FROM child LEFT JOIN done USING (code) LEFT JOIN running USING (code) LEFT JOIN cards USING (code) ORDER BY child.code`,
    [
      children.map((child) => child.code),
      at,
      scope.zone,
      children.map((child) => child.name),
      children.map((child) => `${regionPrefix(child.code)}%`),
    ],
  );
  return found.rows.map(({ onTime, ...row }): RegionFigures => {
    return { ...row, onTimeRate: row.completed === 0 ? null : onTime / row.completed };
  });
}
