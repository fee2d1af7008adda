import type { Camera } from '@mingjing/contracts';

/** A camera as it is stored: its credentials encrypted. */
export interface CameraRow extends Omit<Camera, 'credentials'> {
  sub: Camera['source'] | null;
  onvif: string | null;
  recording: NonNullable<Camera['recording']> | null;
  credentials: Buffer | null;
  revision: number;
  changedAt: number;
  disabledAt: number | null;
}

/** The columns of CameraRow, in the table `camera`. */
export const CAMERA_COLUMNS = `id, name, region, hall, counter, source, sub, onvif, recording, credentials, revision,
  (extract(epoch FROM changed_at) * 1000)::float8 AS "changedAt",
  (extract(epoch FROM disabled_at) * 1000)::float8 AS "disabledAt"`;
