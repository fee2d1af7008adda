import type { Card } from '@mingjing/contracts';
import type { CaseState } from '@mingjing/rules';
import type { Queryable } from '../database.ts';

/** A case as the pipeline last left it. */
export interface HeldCase {
  state: CaseState;
  /** The source system that first told of it. */
  source: string;
  /** The cards that stand. */
  cards: Card[];
  /** Fingerprints of its alerts that are not cards and were not rescinded. */
  standing: string[];
}

/** Loads the folded state and the standing cards of some cases; a case nobody has told of is absent. */
export async function loadCases(db: Queryable, caseIds: string[]): Promise<Map<string, HeldCase>> {
  const states = await db.query<{ case_id: string; source: string; state: CaseState }>({
    name: 'load-cases',
    text: 'SELECT case_id, source, state FROM case_state WHERE case_id = ANY($1)',
    values: [caseIds],
  });
  const held = new Map<string, HeldCase>();
  for (const row of states.rows)
    held.set(row.case_id, { state: row.state, source: row.source, cards: [], standing: [] });
  if (held.size === 0) return held;
  const cards = await db.query<Card & { caseId: string }>({
    name: 'load-cards',
    text: `SELECT case_id AS "caseId", clock_id AS "clockId", rung, reason, ruleset_version AS "rulesetVersion",
             (extract(epoch FROM at) * 1000)::float8 AS at, (extract(epoch FROM issued_at) * 1000)::float8 AS "issuedAt",
             NULL AS "rescindedAt", NULL AS "rescindedReason"
           FROM card WHERE case_id = ANY($1) AND rescinded_at IS NULL ORDER BY at, id`,
    values: [caseIds],
  });
  for (const { caseId, ...card } of cards.rows) held.get(caseId)?.cards.push(card);
  const alerts = await db.query<{ case_id: string; fingerprint: string }>({
    name: 'load-standing',
    text: `SELECT case_id, fingerprint FROM alert
           WHERE case_id = ANY($1) AND state <> 'rescinded' AND fingerprint NOT LIKE 'card|%' ORDER BY id`,
    values: [caseIds],
  });
  for (const row of alerts.rows) held.get(row.case_id)?.standing.push(row.fingerprint);
  return held;
}
