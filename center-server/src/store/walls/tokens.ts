import type { WallToken } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';
import { onlyRow } from './onlyRow.ts';
import { SESSION_ENDED_CHANNEL } from '../sessions/channel.ts';

const ms = (column: string, name: string) => `(extract(epoch FROM ${column}) * 1000)::float8 AS "${name}"`;
const COLUMNS = `id, note, made_by AS by, ${ms('made_at', 'madeAt')}, ${ms('expires_at', 'expiresAt')},
  ${ms('revoked_at', 'revokedAt')}, ${ms('used_at', 'usedAt')}`;

export async function listWallTokens(db: Queryable, wallId: string): Promise<WallToken[]> {
  const found = await db.query<WallToken>(
    `SELECT ${COLUMNS} FROM wall_token WHERE wall_id = $1 ORDER BY id DESC`,
    [wallId],
  );
  return found.rows;
}

interface NewToken {
  wallId: string;
  tokenHash: Buffer;
  note: string;
  by: string;
  /** ms since the epoch */
  at: number;
  expiresAt: number;
}

export async function insertWallToken(db: Queryable, token: NewToken): Promise<WallToken> {
  const made = await db.query<WallToken>(
    `INSERT INTO wall_token (wall_id, token_hash, note, made_by, made_at, expires_at)
     VALUES ($1, $2, $3, $4, to_timestamp($5 / 1000.0), to_timestamp($6 / 1000.0)) RETURNING ${COLUMNS}`,
    [token.wallId, token.tokenHash, token.note, token.by, token.at, token.expiresAt],
  );
  return onlyRow(made.rows);
}

/** Refuses a token from now on and ends its sessions. @returns false when there was none that held */
export async function revokeWallToken(
  db: Queryable,
  { wallId, id, at }: { wallId: string; id: number; at: number },
): Promise<boolean> {
  const done = await db.query(
    `UPDATE wall_token SET revoked_at = to_timestamp($3 / 1000.0)
     WHERE wall_id = $1 AND id = $2 AND revoked_at IS NULL`,
    [wallId, id, at],
  );
  await endSessionsOfTokens(db, [id]);
  return done.rowCount === 1;
}

/** Ends the sessions that were opened with tokens, and tells so on commit. */
export async function endSessionsOfTokens(db: Queryable, ids: readonly number[]): Promise<void> {
  await db.query(
    `WITH gone AS (DELETE FROM user_session WHERE wall_token = ANY($1::int[]) RETURNING token_hash)
     SELECT pg_notify($2, encode(token_hash, 'hex')) FROM gone`,
    [ids, SESSION_ENDED_CHANNEL],
  );
}

/** Takes a token that holds, noting its use. @returns undefined for an unknown, revoked or expired one */
export async function useWallToken(
  db: Queryable,
  tokenHash: Buffer,
  at: number,
): Promise<{ id: number; wall: string; name: string; region: string } | undefined> {
  const found = await db.query<{ id: number; wall: string; name: string; region: string }>(
    `UPDATE wall_token t SET used_at = to_timestamp($2 / 1000.0) FROM wall w
     WHERE w.id = t.wall_id AND t.token_hash = $1 AND t.revoked_at IS NULL AND t.expires_at > to_timestamp($2 / 1000.0)
     RETURNING t.id, w.id AS wall, w.name, w.region`,
    [tokenHash, at],
  );
  return found.rows[0];
}
