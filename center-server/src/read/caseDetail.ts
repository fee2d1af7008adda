import type { CaseDetail, CaseHistoryEvent, ExplainedCard, StoredObservation } from '@mingjing/contracts';
import { clockDetails, FOLD_VERSION, foldCase, voidedEvents, type CaseState } from '@mingjing/rules';
import type { Viewer } from '../auth/viewer.ts';
import type { Directory } from '../directory.ts';
import { ProblemError } from '../http/problems.ts';
import { caseInput } from '../pipeline/caseInput.ts';
import type { Rules } from '../rulebook.ts';
import type { Queryable } from '../store/database.ts';
import { readCaseEvents } from '../store/observations/readObservations.ts';
import { listAlertsOfCase } from './alerts.ts';
import { CASE_SUMMARY, type CaseSummaryRow } from './caseList.ts';
import { scopePattern } from './scope.ts';

export interface CaseDeps {
  directory: Directory;
  rules: Rules;
  now: () => number;
}

/** An event that took longer than this to arrive is shown as late. */
const LATE_MS = 3_600_000;

async function cardsOf(db: Queryable, caseId: string): Promise<ExplainedCard[]> {
  const found = await db.query<ExplainedCard>(
    `SELECT clock_id AS "clockId", rung, (extract(epoch FROM at) * 1000)::float8 AS at,
            (extract(epoch FROM issued_at) * 1000)::float8 AS "issuedAt", ruleset_version AS "rulesetVersion",
            (extract(epoch FROM rescinded_at) * 1000)::float8 AS "rescindedAt",
            rescinded_reason AS "rescindedReason", reason, explanation
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
function historyOf(events: StoredObservation[]): Omit<CaseHistoryEvent, 'officer'>[] {
  const voided = voidedEvents(events);
  return events.map((event) => {
    const { seq, id, source, kind, observedAt, receivedAt, data } = event;
    const late = receivedAt - observedAt > LATE_MS;
    return { seq, id, source, kind, observedAt, receivedAt, data, late, voided: voided.has(event) };
  });
}

/** The case's clocks with their arithmetic as of an instant, its own apart from the others. */
export function clocksOf(
  deps: Omit<CaseDeps, 'now'>,
  state: CaseState,
  asOf: number,
): Pick<CaseDetail, 'clock' | 'otherClocks'> {
  const input = caseInput(deps, { state, cards: [], standing: [] }, asOf);
  const clocks = input ? clockDetails(input, deps.rules.ruleset()) : [];
  return {
    clock: clocks.find(({ level }) => level === 'case') ?? null,
    otherClocks: clocks.filter(({ level }) => level !== 'case'),
  };
}

/** Everything about one case. @throws ProblemError not-found, also for one the viewer may not see */
export async function getCase(
  db: Queryable,
  viewer: Viewer,
  caseId: string,
  deps: CaseDeps,
): Promise<CaseDetail> {
  const found = await db.query<CaseSummaryRow>(
    `SELECT * FROM (${CASE_SUMMARY}) AS summary WHERE "caseId" = $2 AND region LIKE $3`,
    [deps.now(), caseId, scopePattern(viewer)],
  );
  const row = found.rows[0];
  if (!row) throw new ProblemError('not-found', `there is no case ${caseId} in ${viewer.region}`);
  const { state: held, updatedSeq: _, ...summary } = row;
  const matter = deps.directory.matter(held.matter);
  const [cards, alerts, stored, eyes] = await Promise.all([
    cardsOf(db, caseId),
    listAlertsOfCase(db, caseId),
    readCaseEvents(db, [caseId]),
    eyesOn(db, held.counter),
  ]);
  const told = stored.get(caseId) ?? [];
  // What an earlier version of the fold has made lacks what this one knows.
  const state = held.foldVersion === FOLD_VERSION ? held : (foldCase(told) ?? held);
  const events = historyOf(told);
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
    ...clocksOf(deps, state, deps.now()),
    cards,
    alerts,
    events: events.map((event) => ({ ...event, officer: nameOf(officerOf(event)) })),
    ...eyes,
  };
}
