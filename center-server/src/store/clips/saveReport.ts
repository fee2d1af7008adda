import type { SignedClipManifest } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** How far a clip is. One that is done or ended stays so. @returns whether it was taken */
export async function saveProgress(
  db: Queryable,
  id: string,
  state: 'working' | 'failed',
  { progress = 0, problem = null }: { progress?: number; problem?: string | null },
): Promise<boolean> {
  const saved = await db.query(
    `UPDATE clip SET state = $2, progress = $3, problem = $4
     WHERE id = $1 AND state IN ('queued', 'working') AND ended_at IS NULL`,
    [id, state, progress, problem],
  );
  return saved.rowCount === 1;
}

/** A clip is made, and what it is was signed. @returns whether it was taken */
export async function saveManifest(
  db: Queryable,
  id: string,
  { manifest, publicKey, signature }: SignedClipManifest,
): Promise<boolean> {
  const saved = await db.query(
    `UPDATE clip SET state = 'done', progress = 1, problem = NULL, manifest = $2, public_key = $3, signature = $4
     WHERE id = $1 AND state IN ('queued', 'working') AND ended_at IS NULL`,
    [id, JSON.stringify(manifest), publicKey, signature],
  );
  return saved.rowCount === 1;
}
