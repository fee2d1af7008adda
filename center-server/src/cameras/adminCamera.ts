import type { AdminCamera, Camera } from '@mingjing/contracts';
import type { CameraRow } from '../store/cameras/cameraRow.ts';
import { withOpenKeys, withoutKeys } from './pushKeys.ts';
import { opened } from './settle.ts';
import type { Vault } from './vault.ts';

/** A camera as an administrator reads it: whether there are credentials, never which; and no stream's key. */
export function toAdminCamera(vault: Vault, row: CameraRow): AdminCamera {
  const { camera, problem } = opened(vault, row);
  const { credentials, ...shown } = camera;
  return {
    ...withoutKeys(shown),
    hasCredentials: credentials !== null || problem !== null,
    credentialsProblem: problem,
  };
}

/** A camera as the media host gets it, which alone signs in there. */
export function toServiceCamera(vault: Vault, row: CameraRow): { camera: Camera; problem: string | null } {
  const { camera, problem } = opened(vault, row);
  const { id, name, region, hall, counter, source, sub, onvif, recording, credentials } = withOpenKeys(
    vault,
    camera,
  );
  return {
    camera: { id, name, region, hall, counter, source, sub, onvif, recording, credentials },
    problem,
  };
}
