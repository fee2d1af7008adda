import type { AdminCamera, Camera } from '@mingjing/contracts';
import type { CameraRow } from '../store/cameras/cameraRow.ts';
import { opened } from './settle.ts';
import type { Vault } from './vault.ts';

/** A camera as an administrator reads it: whether there are credentials, never which. */
export function toAdminCamera(vault: Vault, row: CameraRow): AdminCamera {
  const { camera, problem } = opened(vault, row);
  const { credentials, ...shown } = camera;
  return { ...shown, hasCredentials: credentials !== null || problem !== null, credentialsProblem: problem };
}

/** A camera as the media host gets it, which alone signs in there. */
export function toServiceCamera(vault: Vault, row: CameraRow): { camera: Camera; problem: string | null } {
  const { camera, problem } = opened(vault, row);
  const { id, name, region, hall, counter, source, sub, onvif, recording, credentials } = camera;
  return {
    camera: { id, name, region, hall, counter, source, sub, onvif, recording, credentials },
    problem,
  };
}
