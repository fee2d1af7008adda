import type { CameraChange, CameraCredentials } from '@mingjing/contracts';
import { wrong } from '../http/place.ts';
import type { CameraRow } from '../store/cameras/cameraRow.ts';
import { hostsOf, withoutPasswords } from './passwords.ts';
import { opened } from './settle.ts';
import type { Vault } from './vault.ts';

/** What one may say of a change in the audit log: which fields, never a value that may be secret. */
export function changedFields({ revision: _, ...change }: CameraChange): string[] {
  return Object.keys(change);
}

const given = <T>(wish: T | undefined, before: T): T => (wish === undefined ? before : wish);

/**
 * Whether a camera's kept password may be used at these addresses: only where it was used before. Who may change an
 * address could else have the password sent to a host of their own.
 */
export function isAtHome(before: CameraRow, wish: Parameters<typeof hostsOf>[0]): boolean {
  const known = hostsOf(before);
  return [...hostsOf(wish)].every((host) => known.has(host));
}

/**
 * A camera after a change.
 * @param now ms since the epoch
 * @throws ProblemError invalid when the kept password would be used at another host than before
 */
export function changeCamera(vault: Vault, before: CameraRow, change: CameraChange, now: number): CameraRow {
  const { disabled, revision: _, credentials: wished, renewKeys: __, ...fields } = change;
  const wish = withoutPasswords<Omit<CameraRow, 'credentials'> & { credentials: CameraCredentials | null }>({
    ...before,
    name: given(fields.name, before.name),
    region: given(fields.region, before.region),
    hall: given(fields.hall, before.hall),
    counter: given(fields.counter, before.counter),
    source: given(fields.source, before.source),
    sub: given(fields.sub, before.sub),
    onvif: given(fields.onvif, before.onvif),
    recording: given(fields.recording, before.recording),
    credentials: wished ?? null,
  });
  const keep = wished === undefined && wish.credentials === null;
  if (keep && before.credentials && !isAtHome(before, wish)) {
    throw wrong(
      'credentials',
      'the address has another host now; expected user name and password again, or null for none',
    );
  }
  const kept = keep ? opened(vault, before).camera.credentials : wish.credentials;
  // What cannot be opened stays as it is until it is given anew: the key may come back.
  const sealed = kept ? vault.seal(before.id, kept) : keep ? before.credentials : null;
  const disabledAt =
    disabled === undefined ? before.disabledAt : disabled ? (before.disabledAt ?? now) : null;
  return { ...wish, credentials: sealed, disabledAt };
}
