import type { Millis } from '@mingjing/contracts';
import { noEffects, type Effects } from '../pipeline/effects.ts';
import { inTransaction, type Pool } from '../store/database.ts';
import { LOCKS } from '../store/locks.ts';
import { dueForRouting } from '../store/routing/dueForRouting.ts';
import { endExpired } from '../store/silences/endSilence.ts';
import { wakeCovered } from '../store/silences/wakeCovered.ts';
import { decideAbout, writeDecisions } from './decisions.ts';
import type { Surroundings } from './situations.ts';

export interface RoutingDeps extends Surroundings {
  pool: Pool;
  now: () => Millis;
  /** Told of an alert about which it could not be decided who is told. */
  failed: (alertId: number, error: unknown) => void;
}

/** How many alerts are decided about in one transaction. */
const MOST = 1000;

/**
 * Ends the silences that have expired, and decides about the alerts that are due, in one transaction: after a
 * crash at any point they are due again, and nobody is told twice. While another centre is at it, nothing is done.
 * @returns null when there was nothing to do
 */
export async function routeDue(deps: RoutingDeps): Promise<Effects | null> {
  return inTransaction(deps.pool, async (client) => {
    const lock = await client.query<{ ours: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS ours', [
      LOCKS.alerting,
    ]);
    if (lock.rows[0]?.ours !== true) return null;
    const now = deps.now();
    const expired = await endExpired(client, now);
    const woken = await wakeCovered(client, expired, now);
    const due = await dueForRouting(client, now, MOST);
    if (due.length === 0 && expired.length === 0) return null;
    const decided = await decideAbout(client, deps, due, now, deps.failed);
    const changed = await writeDecisions(client, deps, decided, now);
    const figures = decided.some(({ decision }) => decision.rearm);
    return { ...noEffects(), alerts: [...new Set([...woken, ...changed])], figures };
  });
}
