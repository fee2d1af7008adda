import type { SignedClipManifest } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** What was signed of a clip that is done. */
export async function getManifest(db: Queryable, id: string): Promise<SignedClipManifest | undefined> {
  const found = await db.query<{ signed: SignedClipManifest }>(
    `SELECT json_build_object('manifest', manifest, 'publicKey', public_key, 'signature', signature) AS signed
     FROM clip WHERE id = $1 AND state = 'done' AND ended_at IS NULL`,
    [id],
  );
  return found.rows[0]?.signed;
}
