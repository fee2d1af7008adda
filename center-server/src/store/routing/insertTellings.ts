import type { Role, RoutingReason, Sentence } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** Somebody is told of an alert. */
export interface NewTelling {
  /** Which of the messages of this call it belongs to, from 0. */
  message: number;
  alertId: number;
  userId: number;
  role: Role;
  region: string;
  round: number;
  level: number;
  title: Sentence;
  reason: RoutingReason;
}

/** Numbers for messages, never given twice. */
async function newMessages(db: Queryable, count: number): Promise<number[]> {
  const made = await db.query<{ number: number }>(
    `SELECT nextval('telling_message_number') AS number FROM generate_series(1, $1)`,
    [count],
  );
  return made.rows.map((row) => row.number);
}

/**
 * Writes down who is told. Whoever was told the same already is not told again.
 * @param at ms since the epoch
 */
export async function insertTellings(db: Queryable, tellings: NewTelling[], at: number): Promise<void> {
  if (tellings.length === 0) return;
  const messages = await newMessages(db, Math.max(...tellings.map(({ message }) => message)) + 1);
  const column = <T>(pick: (telling: NewTelling) => T) => tellings.map(pick);
  await db.query(
    `INSERT INTO telling (message, alert_id, user_id, role, region, round, level, title, reason, at)
     SELECT message, alert_id, user_id, role, region, round, level, title::jsonb, reason::jsonb, to_timestamp($10 / 1000.0)
     FROM unnest($1::bigint[], $2::bigint[], $3::int[], $4::text[], $5::text[], $6::int[], $7::int[], $8::text[], $9::text[])
       AS e(message, alert_id, user_id, role, region, round, level, title, reason)
     ON CONFLICT (alert_id, round, level, user_id) DO NOTHING`,
    [
      column(({ message }) => messages[message]),
      column(({ alertId }) => alertId),
      column(({ userId }) => userId),
      column(({ role }) => role),
      column(({ region }) => region),
      column(({ round }) => round),
      column(({ level }) => level),
      column(({ title }) => JSON.stringify(title)),
      column(({ reason }) => JSON.stringify(reason)),
      at,
    ],
  );
}
