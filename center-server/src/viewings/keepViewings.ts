import type { Viewing } from '@mingjing/contracts';
import { appendAudit } from '../audit/appendAudit.ts';
import { inTransaction, type Pool } from '../store/database.ts';
import { deleteOldViewings } from '../store/viewings/deleteOldViewings.ts';
import { lockUnsealed } from '../store/viewings/endedViewings.ts';
import { markSealed } from '../store/viewings/markSealed.ts';
import { putViewings } from '../store/viewings/putViewings.ts';
import { REMOVED, SEALED, sealOf } from './seal.ts';

/** Enters what a media host tells of viewings, and seals those that have ended in the audit log. @param at ms since the epoch */
export function keepViewings(
  pool: Pool,
  source: { id: string; region: string },
  viewings: readonly Viewing[],
  at: number,
): Promise<void> {
  return inTransaction(pool, async (client) => {
    await putViewings(client, source, viewings);
    const ended = await lockUnsealed(client, source.id);
    if (ended.length === 0) return;
    const line = await appendAudit(client, {
      ...{ at, actor: `source:${source.id}`, region: source.region, action: SEALED },
      detail: { ...sealOf(ended) },
    });
    await markSealed(
      client,
      ended.map(({ id }) => id),
      line,
    );
  });
}

/** Removes viewings that ended before an instant, and says so in the audit log. @returns how many */
export function removeOldViewings(pool: Pool, before: number, at: number): Promise<number> {
  return inTransaction(pool, async (client) => {
    const count = await deleteOldViewings(client, before);
    if (count > 0)
      await appendAudit(client, {
        ...{ at, actor: 'maintenance', region: null, action: REMOVED },
        detail: { count, before },
      });
    return count;
  });
}
