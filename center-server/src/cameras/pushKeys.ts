import { randomBytes } from 'node:crypto';
import type { CameraSource, PushAccess } from '@mingjing/contracts';
import type { CentreConfig } from '../config.ts';
import type { Vault } from './vault.ts';

/** A camera's main or small stream. */
type StreamName = PushAccess['stream'];
type PushSource = Extract<CameraSource, { kind: 'push' }>;

interface Streams {
  id: string;
  source: CameraSource;
  sub?: CameraSource | null | undefined;
}

/** How a key stands in the store: encrypted, for this stream of this camera alone. */
const SEALED = 'sealed:';
/** 192 bits, and no character that has to be written otherwise in an address. */
const KEY_BYTES = 24;

const isPush = (source: CameraSource | null | undefined): source is PushSource => source?.kind === 'push';

/** The same streams with what `change` makes of each that is pushed. */
function each<S extends Streams>(
  camera: S,
  change: (source: PushSource, stream: StreamName) => PushSource,
): S {
  const { source, sub } = camera;
  return {
    ...camera,
    ...(isPush(source) ? { source: change(source, 'main') } : {}),
    ...(isPush(sub) ? { sub: change(sub, 'sub') } : {}),
  };
}

function sealed(vault: Vault, id: string, stream: StreamName, key: string): string {
  return SEALED + vault.sealKey(id, stream, key).toString('base64url');
}

/** A camera with its keys as they are used. One that cannot be opened is left out: nobody can push then. */
export function withOpenKeys<S extends Streams>(vault: Vault, camera: S): S {
  return each(camera, ({ key, ...source }, stream) => {
    if (key === undefined) return source;
    if (!key.startsWith(SEALED)) return { ...source, key };
    const opened = vault.openKey(camera.id, stream, Buffer.from(key.slice(SEALED.length), 'base64url'));
    return opened === undefined ? source : { ...source, key: opened };
  });
}

/** A camera as people read it: without its keys. */
export function withoutKeys<S extends Streams>(camera: S): S {
  return each(camera, ({ key: _, ...source }) => source);
}

/** A camera whose keys are all encrypted with the key of now; those that cannot be opened stay as they are. */
export function withSealedKeys<S extends Streams>(vault: Vault, camera: S): S {
  return each(camera, (source, stream) => {
    const { key } = source;
    if (key === undefined) return source;
    if (!key.startsWith(SEALED)) return { ...source, key: sealed(vault, camera.id, stream, key) };
    const bytes = Buffer.from(key.slice(SEALED.length), 'base64url');
    const plain = vault.isCurrent(bytes) ? undefined : vault.openKey(camera.id, stream, bytes);
    return plain === undefined ? source : { ...source, key: sealed(vault, camera.id, stream, plain) };
  });
}

/** Where encoders push to, as the centre is told. */
function addressOf(id: string, { protocol }: PushSource, centre: CentreConfig['centre']): string | null {
  if (protocol === 'rtmp') return centre.rtmpPublicUrl ?? null;
  return new URL(`/whip/${encodeURIComponent(id)}`, centre.mediaPublicUrl ?? centre.mediaUrl).href;
}

interface Keeping {
  vault: Vault;
  centre: CentreConfig['centre'];
  /** As it is stored; absent for a new camera. */
  before?: Streams;
  /** No old key is good any more. */
  renew?: boolean;
}

/** What may be stored of a camera after it was added or changed, and the keys that were made: shown now and never again. */
export function withKeys<S extends Streams>(
  camera: S,
  { vault, centre, before, renew = false }: Keeping,
): { camera: S; access: PushAccess[] } {
  const access: PushAccess[] = [];
  const kept = { main: before?.source, sub: before?.sub };
  const changed = each(camera, (source, stream) => {
    const old = kept[stream];
    const known = isPush(old) && old.protocol === source.protocol ? old.key : undefined;
    const key = renew ? undefined : (source.key ?? known);
    if (key?.startsWith(SEALED)) return { ...source, key };
    if (key !== undefined) return { ...source, key: sealed(vault, camera.id, stream, key) };
    const made = randomBytes(KEY_BYTES).toString('base64url');
    access.push({
      stream,
      protocol: source.protocol,
      address: addressOf(camera.id, source, centre),
      key: made,
    });
    return { ...source, key: sealed(vault, camera.id, stream, made) };
  });
  return { camera: changed, access };
}

/** What is tried with the keys that a camera has. */
export function withKeptKeys<S extends Omit<Streams, 'id'>>(vault: Vault, wish: S, kept: Streams): S {
  const open = withOpenKeys(vault, kept);
  const keys = { main: open.source, sub: open.sub };
  const { id: _, ...filled } = each({ ...wish, id: kept.id }, (source, stream) => {
    const known = keys[stream];
    const key = source.key ?? (isPush(known) && known.protocol === source.protocol ? known.key : undefined);
    return key === undefined ? source : { ...source, key };
  });
  return { ...wish, ...filled };
}
