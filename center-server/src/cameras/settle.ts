import type { CameraCredentials } from '@mingjing/contracts';
import type { Logger } from 'pino';
import { inTransaction, type Pool } from '../store/database.ts';
import type { CameraRow } from '../store/cameras/cameraRow.ts';
import { listCameras } from '../store/cameras/listCameras.ts';
import { lockCamera } from '../store/cameras/lockCamera.ts';
import { updateCamera } from '../store/cameras/updateCamera.ts';
import { withoutPasswords } from './passwords.ts';
import { withSealedKeys } from './pushKeys.ts';
import type { Vault } from './vault.ts';

type Bare = Omit<CameraRow, 'credentials'> & { credentials: CameraCredentials | null };

/**
 * A camera's addresses without passwords, and what it is signed in at with: what is kept encrypted, else what stood
 * in an address. `problem` when what is kept cannot be opened.
 */
export function opened(vault: Vault, row: CameraRow): { camera: Bare; problem: string | null } {
  const kept = row.credentials ? vault.open(row.id, row.credentials) : null;
  const credentials = kept && 'credentials' in kept ? kept.credentials : null;
  const camera = withoutPasswords<Bare>({ ...row, credentials });
  return { camera, problem: kept && 'problem' in kept ? kept.problem : null };
}

/** What has to be stored anew: a password stands in an address, or was encrypted with an old key. */
function settled(vault: Vault, row: CameraRow): CameraRow | undefined {
  const { camera, problem } = opened(vault, row);
  if (problem !== null) return undefined;
  const { source, sub } = withSealedKeys(vault, camera);
  const bare = { ...row, source, sub, onvif: camera.onvif };
  const inAddress = JSON.stringify(bare) !== JSON.stringify(row);
  const isOld = row.credentials !== null && !vault.isCurrent(row.credentials);
  if (!inAddress && !isOld) return undefined;
  return { ...bare, credentials: camera.credentials && vault.seal(row.id, camera.credentials) };
}

/**
 * At every start: takes passwords out of the addresses of cameras and keeps them, and keys of streams, encrypted, and encrypts anew what was
 * encrypted with an old key. What cannot be opened is named in the log and left as it is. Safe to repeat.
 */
export async function settleCredentials(pool: Pool, vault: Vault, log: Logger): Promise<void> {
  for (const { id } of await listCameras(pool, '')) {
    await inTransaction(pool, async (client) => {
      const row = await lockCamera(client, id);
      if (!row) return;
      const { problem } = opened(vault, row);
      if (problem !== null) log.error({ camera: id, problem }, 'the credentials of a camera cannot be used');
      const anew = settled(vault, row);
      if (anew) await updateCamera(client, anew);
    });
  }
}
