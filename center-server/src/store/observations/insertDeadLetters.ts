import type { Queryable } from '../database.ts';

export interface NewDeadLetter {
  sourceId: string;
  receivedAt: number;
  eventId: string | null;
  kind: string | null;
  reason: string;
  /** The event as JSON text. */
  body: string;
}

/** Keeps what was refused, with the reason, for an administrator to see and play again. */
export async function insertDeadLetters(db: Queryable, letters: NewDeadLetter[]): Promise<void> {
  await db.query(
    `INSERT INTO dead_letter (source_id, received_at, event_id, kind, reason, body)
     SELECT source_id, to_timestamp(received / 1000.0), event_id, kind, reason, body
     FROM unnest($1::text[], $2::float8[], $3::text[], $4::text[], $5::text[], $6::text[])
       AS e(source_id, received, event_id, kind, reason, body)`,
    [
      letters.map((letter) => letter.sourceId),
      letters.map((letter) => letter.receivedAt),
      letters.map((letter) => letter.eventId),
      letters.map((letter) => letter.kind),
      letters.map((letter) => letter.reason),
      letters.map((letter) => letter.body),
    ],
  );
}
