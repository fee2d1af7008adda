import { inTransaction, type Client, type Pool } from '../store/database.ts';
import { insertAuditLine } from '../store/audit/insertAuditLine.ts';
import { lastAuditLine } from '../store/audit/lastAuditLine.ts';
import { LOCKS } from '../store/locks.ts';
import { GENESIS, lineHash } from './canonical.ts';

/** A privileged act. */
export interface AuditEntry {
  /** ms since the epoch */
  at: number;
  actor: string;
  /** Where the object belongs; decides who may read the line. Null: only those who see everything. */
  region: string | null;
  action: string;
  object?: string;
  /** Values that matter; never a secret. */
  detail?: Record<string, unknown>;
}

/**
 * Adds a line to the audit log, inside the transaction of the act itself: both happen or neither. Take it
 * as the last step, for it holds other appenders up until the commit.
 * @returns the number of the line
 */
export async function appendAudit(client: Client, entry: AuditEntry): Promise<number> {
  // One appender at a time, on any number of nodes: each line needs the hash of the one before.
  await client.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.audit]);
  const last = await lastAuditLine(client);
  const line = {
    seq: (last?.seq ?? 0) + 1,
    at: Math.trunc(entry.at),
    actor: entry.actor,
    region: entry.region,
    action: entry.action,
    object: entry.object ?? null,
    detail: entry.detail ?? {},
  };
  const previous = last?.hash ?? GENESIS;
  await insertAuditLine(client, line, previous, lineHash(previous, line));
  return line.seq;
}

/** Adds a line for an act that has no transaction of its own. */
export async function recordAudit(pool: Pool, entry: AuditEntry): Promise<void> {
  await inTransaction(pool, (client) => appendAudit(client, entry));
}
