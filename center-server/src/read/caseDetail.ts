import type { Card, CaseDetail, CaseHistoryEvent } from '@mingjing/contracts';
import {
  clockSpecOf,
  explainClock,
  ladderFor,
  projectClock,
  rungsOf,
  voidedEvents,
  type CaseState,
} from '@mingjing/rules';
import type { Ruleset } from '@mingjing/contracts';
import type { Viewer } from '../auth/viewer.ts';
import type { Directory } from '../directory.ts';
import { ProblemError } from '../http/problems.ts';
import type { Queryable } from '../store/database.ts';
import { readCaseEvents } from '../store/observations/readObservations.ts';
import { listAlertsOfCase } from './alerts.ts';
import { CASE_SUMMARY, type CaseSummaryRow } from './caseList.ts';
import { scopePattern } from './scope.ts';

export interface CaseDeps {
  directory: Directory;
  ruleset: () => Ruleset;
  now: () => number;
}

/** An event that took longer than this to arrive is shown as late. */
const LATE_MS = 3_600_000;

async function cardsOf(db: Queryable, caseId: string): Promise<Card[]> {
  const found = await db.query<Card>(
    `SELECT clock_id AS "clockId", rung, (extract(epoch FROM at) * 1000)::float8 AS at,
            (extract(epoch FROM issued_at) * 1000)::float8 AS "issuedAt", ruleset_version AS "rulesetVersion",
            (extract(epoch FROM rescinded_at) * 1000)::float8 AS "rescindedAt",
            rescinded_reason AS "rescindedReason", reason
     FROM card WHERE case_id = $1 ORDER BY card.at, id`,
    [caseId],
  );
  return found.rows;
}

/** The camera and screens that look at a counter. */
async function eyesOn(db: Queryable, counter: string | null) {
  if (counter === null) return { cameras: [], screens: [] };
  const [cameras, screens] = await Promise.all([
    db.query<{ id: string; name: string }>(
      'SELECT id, name FROM camera WHERE counter = $1 AND disabled_at IS NULL ORDER BY id',
      [counter],
    ),
    db.query<{ id: string; name: string }>(
      'SELECT id, name FROM screen WHERE counter = $1 AND disabled_at IS NULL ORDER BY id',
      [counter],
    ),
  ]);
  return { cameras: cameras.rows, screens: screens.rows };
}

/** Names of officers by id; whoever is not known keeps the id. */
async function officerNames(
  db: Queryable,
  ids: (string | null)[],
): Promise<(id: string | null) => string | null> {
  const found = await db.query<{ id: string; name: string }>(
    'SELECT id, name FROM officer WHERE id = ANY($1)',
    [ids.filter((id) => id !== null)],
  );
  const names = new Map(found.rows.map(({ id, name }) => [id, name]));
  return (id) => (id === null ? null : (names.get(id) ?? id));
}

function officerOf({ data }: { data: Record<string, unknown> }): string | null {
  return typeof data['officer'] === 'string' ? data['officer'] : null;
}

/** The case's events in observed order, with those that a correction took back marked. */
async function historyOf(db: Queryable, caseId: string): Promise<Omit<CaseHistoryEvent, 'officer'>[]> {
  const events = (await readCaseEvents(db, [caseId])).get(caseId) ?? [];
  const voided = voidedEvents(events);
  return events.map((event) => {
    const { seq, id, source, kind, observedAt, receivedAt, data } = event;
    const late = receivedAt - observedAt > LATE_MS;
    return { seq, id, source, kind, observedAt, receivedAt, data, late, voided: voided.has(event) };
  });
}

/**
 * The case's clock with its arithmetic; null where it has none, and where its zone, hours or extension
 * cannot be understood (the engine has raised an alert of that).
 */
function clockOf(deps: CaseDeps, state: CaseState): CaseDetail['clock'] {
  const region = deps.directory.region(state.region);
  if (!region) return null;
  const spec = clockSpecOf(state, deps.directory.matter(state.matter), region);
  if (!spec) return null;
  const asOf = deps.now();
  const ladder = ladderFor(deps.ruleset(), state.region, state.matter);
  try {
    return {
      ...projectClock(spec, asOf),
      days: explainClock(spec, asOf),
      rungs: ladder ? rungsOf(spec, ladder) : [],
      ladder: ladder?.name ?? '',
      asOf,
    };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Everything about one case. @throws ProblemError not-found, also for one the viewer may not see */
export async function getCase(
  db: Queryable,
  viewer: Viewer,
  caseId: string,
  deps: CaseDeps,
): Promise<CaseDetail> {
  const found = await db.query<CaseSummaryRow & { state: CaseState }>(
    `SELECT summary.*, case_state.state FROM (${CASE_SUMMARY}) AS summary
     JOIN case_state ON case_state.case_id = summary."caseId"
     WHERE summary."caseId" = $2 AND summary.region LIKE $3`,
    [deps.now(), caseId, scopePattern(viewer)],
  );
  const row = found.rows[0];
  if (!row) throw new ProblemError('not-found', `there is no case ${caseId} in ${viewer.region}`);
  const { state, updatedSeq: _, ...summary } = row;
  const matter = deps.directory.matter(state.matter);
  const [cards, alerts, events, eyes] = await Promise.all([
    cardsOf(db, caseId),
    listAlertsOfCase(db, caseId),
    historyOf(db, caseId),
    eyesOn(db, state.counter),
  ]);
  const nameOf = await officerNames(db, [
    ...state.stages.map(({ officer }) => officer),
    ...events.map(officerOf),
  ]);
  return {
    ...summary,
    applicant: state.applicant,
    channel: state.channel,
    outcome: state.outcome,
    legalLimit: matter?.legal ?? null,
    promisedLimit: matter?.promised ?? null,
    legalBasis: matter?.legalBasis ?? null,
    path: matter?.stages ?? [],
    stages: state.stages.map((stage) => ({ ...stage, officer: nameOf(stage.officer) })),
    suspensions: state.suspensions,
    clock: clockOf(deps, state),
    cards,
    alerts,
    events: events.map((event) => ({ ...event, officer: nameOf(officerOf(event)) })),
    ...eyes,
  };
}
