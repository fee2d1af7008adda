import { readSeals, removedBefore } from '../store/audit/readSeals.ts';
import type { Queryable } from '../store/database.ts';
import { readSealed } from '../store/viewings/endedViewings.ts';
import { sealOf } from './seal.ts';

export type ViewingsVerdict = { ok: true; viewings: number } | { ok: false; seq: number; reason: string };

const PAGE = 200;

/**
 * Checks that viewings are what the audit log sealed: none changed, none added to a seal, none missing but those whose time
 * was over. The audit log itself is checked by verifyAudit.
 * @returns the first seal that does not fit, or how many viewings were checked
 */
export async function verifyViewings(db: Queryable): Promise<ViewingsVerdict> {
  const before = await removedBefore(db);
  let viewings = 0;
  let seq = 0;
  for (;;) {
    const page = await readSeals(db, seq, PAGE);
    const sealed = await readSealed(
      db,
      page.map((line) => line.seq),
    );
    for (const line of page) {
      seq = line.seq;
      const rows = sealed.get(seq) ?? [];
      if (rows.length === 0 && line.seal.until < before) continue;
      if (rows.length !== line.seal.count)
        return {
          ok: false,
          seq,
          reason: `${rows.length} of the ${line.seal.count} viewings that line ${seq} seals are there`,
        };
      if (sealOf(rows).sha256 !== line.seal.sha256)
        return { ok: false, seq, reason: `a viewing that line ${seq} seals was changed` };
      viewings += rows.length;
    }
    if (page.length < PAGE) return { ok: true, viewings };
  }
}
