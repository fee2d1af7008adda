import { regionPrefix } from '@mingjing/contracts';
import type { AuditLine } from '../../audit/canonical.ts';
import type { Queryable } from '../database.ts';

interface Row extends Omit<AuditLine, 'at'> {
  at: Date;
  total: number;
}

/**
 * Lines about a region and everything below it, newest first. Lines about no region (a sign-in under a
 * name nobody has) are shown only to those at the top of the tree.
 */
export async function listAudit(
  db: Queryable,
  region: string,
  page: { before?: number | undefined; limit: number },
): Promise<{ lines: AuditLine[]; total: number }> {
  const found = await db.query<Row>(
    `WITH visible AS (
       SELECT seq, at, actor, region, action, object, detail FROM audit_log
       WHERE starts_with(region, $1)
          OR (region IS NULL AND EXISTS (SELECT 1 FROM region r WHERE r.code = $2 AND r.parent IS NULL))
     )
     SELECT *, (SELECT count(*) FROM visible) AS total FROM visible
     WHERE $3::bigint IS NULL OR seq < $3 ORDER BY seq DESC LIMIT $4`,
    [regionPrefix(region), region, page.before, page.limit],
  );
  const lines = found.rows.map(({ total: _total, at, ...line }) => ({ ...line, at: at.getTime() }));
  return { lines, total: found.rows[0]?.total ?? 0 };
}
