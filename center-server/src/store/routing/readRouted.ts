import type { AlertState, Sentence } from '@mingjing/contracts';
import type { PastLine, PastTelling, RoutedAlert } from '@mingjing/rules';
import type { Queryable } from '../database.ts';

/** Whole ms since the epoch: what local times are told by knows no fractions. */
const ms = (column: string) => `floor(extract(epoch FROM ${column}) * 1000)::float8`;

/** An alert with all that its own past says. */
export interface RoutedRow extends RoutedAlert {
  state: AlertState;
  hall: string | null;
  title: Sentence;
  inhibitedBy: number | null;
  level: number | null;
  /** It may still be opened again, but nobody has said until when. */
  reopenUndecided: boolean;
  changedAt: number;
  history: PastLine[];
  told: PastTelling[];
}

type Row = Omit<RoutedRow, 'history' | 'told' | 'tellers'> & { tellers: string[] | null };

/** The sources that tell of an alert's camera, and those of the media hosts of its region. */
const TELLERS = `ARRAY(
  SELECT unnest(sources) FROM camera_watch WHERE camera_id = alert.camera
  UNION SELECT source.id FROM source
  WHERE source.kind = 'media' AND starts_with(alert.region, regexp_replace(source.region, '^(\\d\\d)0000$|^(\\d{4})00$', '\\1\\2')))`;

/** Alerts by id with their history and tellings, as the routing decision needs them. */
export async function readRouted(db: Queryable, ids: number[]): Promise<RoutedRow[]> {
  const [alerts, history, told] = [
    await db.query<Row>(
      `SELECT alert.id, alert.kind, alert.state, alert.fingerprint, alert.rule, alert.region, alert.department, alert.title,
              alert.case_id AS "caseId", coalesce(case_state.source, alert.source_id) AS source, alert.hall,
              CASE WHEN alert.camera IS NOT NULL THEN ${TELLERS} END AS tellers, alert.inhibited_by AS "inhibitedBy", alert.level, ${ms('alert.raised_at')} AS "raisedAt",
              ${ms('alert.changed_at')} AS "changedAt", alert.reopen_until IS NULL AS "reopenUndecided"
       FROM alert LEFT JOIN case_state ON case_state.case_id = alert.case_id WHERE alert.id = ANY($1) ORDER BY alert.id`,
      [ids],
    ),
    await db.query<PastLine & { alert: number }>(
      `SELECT alert_id AS alert, action, ${ms('at')} AS at, ${ms('until_at')} AS until
       FROM alert_history WHERE alert_id = ANY($1) ORDER BY id`,
      [ids],
    ),
    await db.query<PastTelling & { alert: number }>(
      `SELECT DISTINCT alert_id AS alert, round, level, ${ms('at')} AS at
       FROM telling WHERE alert_id = ANY($1) ORDER BY at`,
      [ids],
    ),
  ];
  const lines = Map.groupBy(history.rows, (line) => line.alert);
  const tellings = Map.groupBy(told.rows, (one) => one.alert);
  return alerts.rows.map((alert) => ({
    ...alert,
    tellers: alert.tellers ?? [],
    history: lines.get(alert.id) ?? [],
    told: tellings.get(alert.id) ?? [],
  }));
}
