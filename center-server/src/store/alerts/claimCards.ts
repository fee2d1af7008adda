import type { Card, CardExplanation } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

export interface ClaimedCard {
  caseId: string;
  card: Card;
  explanation: CardExplanation;
  fingerprint: string;
}

/**
 * Issues cards by inserting (clock, rung) under its unique key: whoever comes second gets nothing.
 * @returns those that were issued by this call
 */
export async function claimCards(db: Queryable, cards: ClaimedCard[]): Promise<ClaimedCard[]> {
  if (cards.length === 0) return [];
  const column = <T>(pick: (claim: ClaimedCard) => T) => cards.map(pick);
  const claimed = await db.query<{ clock_id: string; rung: string }>(
    `INSERT INTO card (clock_id, case_id, rung, at, issued_at, ruleset_version, reason, fingerprint, explanation)
     SELECT clock_id, case_id, rung, to_timestamp(at / 1000), to_timestamp(issued / 1000), version, reason::jsonb, fingerprint, explanation::json
     FROM unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::float8[], $6::int[], $7::text[], $8::text[], $9::text[])
       AS e(clock_id, case_id, rung, at, issued, version, reason, fingerprint, explanation)
     ON CONFLICT DO NOTHING RETURNING clock_id, rung`,
    [
      column(({ card }) => card.clockId),
      column(({ caseId }) => caseId),
      column(({ card }) => card.rung),
      column(({ card }) => card.at),
      column(({ card }) => card.issuedAt),
      column(({ card }) => card.rulesetVersion),
      column(({ card }) => JSON.stringify(card.reason)),
      column(({ fingerprint }) => fingerprint),
      column(({ explanation }) => JSON.stringify(explanation)),
    ],
  );
  const won = new Set(claimed.rows.map((row) => `${row.clock_id}\u0000${row.rung}`));
  return cards.filter(({ card }) => won.has(`${card.clockId}\u0000${card.rung}`));
}
