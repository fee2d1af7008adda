import type { Sentence } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

export interface RescindedCard {
  clockId: string;
  rung: string;
  at: number;
  reason: Sentence;
}

/** Takes back standing cards, keeping them and the reason. */
export async function rescindCards(db: Queryable, cards: RescindedCard[]): Promise<void> {
  if (cards.length === 0) return;
  await db.query(
    `UPDATE card SET rescinded_at = to_timestamp(e.at / 1000), rescinded_reason = e.reason::jsonb
     FROM unnest($1::text[], $2::text[], $3::float8[], $4::text[]) AS e(clock_id, rung, at, reason)
     WHERE card.clock_id = e.clock_id AND card.rung = e.rung AND card.rescinded_at IS NULL`,
    [
      cards.map((card) => card.clockId),
      cards.map((card) => card.rung),
      cards.map((card) => card.at),
      cards.map((card) => JSON.stringify(card.reason)),
    ],
  );
}
