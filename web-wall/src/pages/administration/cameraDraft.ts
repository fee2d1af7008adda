import type { AdminCamera, CameraSource, DiscoveredCamera, RecordingPlan } from '@mingjing/contracts';

/** Where a stream comes from: fetched at an address, pushed by an encoder, or what it was before. */
export type Way = 'rtsp' | 'rtmp' | 'whip' | 'as-before';
export const WAYS = ['rtsp', 'rtmp', 'whip'] as const;

/** A camera as it is typed: text in every field. */
export interface CameraDraft {
  id: string;
  name: string;
  region: string;
  hall: string;
  counter: string;
  way: Way;
  url: string;
  transport: 'auto' | 'tcp' | 'udp';
  subWay: Way;
  sub: string;
  /** The keys of streams that are pushed are made anew. */
  renewKeys: boolean;
  username: string;
  password: string;
  onvif: string;
  mode: RecordingPlan['mode'];
  keepDays: string;
}

const addressOf = (source: CameraSource | null | undefined): string =>
  source?.kind === 'rtsp' ? source.url : '';

function wayOf(source: CameraSource | null | undefined): Way {
  if (!source || source.kind === 'rtsp') return 'rtsp';
  return source.kind === 'push' ? source.protocol : 'as-before';
}

/** What stands in the form at first: a camera that there is, one that was found, or nothing. */
export function draftOf(
  camera: AdminCamera | null,
  found: DiscoveredCamera | null,
  region: string,
): CameraDraft {
  const transport = camera?.source.kind === 'rtsp' ? camera.source.transport : undefined;
  return {
    id: camera?.id ?? '',
    name: camera?.name ?? found?.name ?? found?.model ?? '',
    region: camera?.region ?? region,
    hall: camera?.hall ?? '',
    counter: camera?.counter ?? '',
    way: wayOf(camera?.source),
    url: addressOf(camera?.source) || (found?.main ?? ''),
    transport: transport ?? 'auto',
    subWay: wayOf(camera?.sub),
    sub: addressOf(camera?.sub) || (found?.sub ?? ''),
    renewKeys: false,
    username: '',
    password: '',
    onvif: camera?.onvif ?? found?.onvif ?? '',
    mode: camera?.recording?.mode ?? 'off',
    keepDays: String(camera?.recording?.keepDays ?? 30),
  };
}

/** A film or a made picture keeps what it is: only addresses are typed here. An address that is empty is none. */
function typed(
  way: Way,
  url: string,
  { transport }: CameraDraft,
  before: CameraSource | null | undefined,
): CameraSource | null {
  if (way === 'as-before') return before ?? null;
  if (way !== 'rtsp') return { kind: 'push', protocol: way };
  return url === '' ? null : { kind: 'rtsp', url, ...(transport === 'auto' ? {} : { transport }) };
}

/** Where the camera is, and how it is signed in at: what is tested, and part of what is saved. */
export function addressesOf(draft: CameraDraft, camera: AdminCamera | null) {
  const { username, password } = draft;
  return {
    region: draft.region,
    source: typed(draft.way, draft.url, draft, camera?.source) ?? { kind: 'rtsp' as const, url: '' },
    sub: typed(draft.subWay, draft.sub, draft, camera?.sub),
    onvif: draft.onvif === '' ? null : draft.onvif,
    ...(username === '' && password === '' ? {} : { credentials: { username, password } }),
  };
}

/** What is saved. */
export function bodyOf(draft: CameraDraft, camera: AdminCamera | null) {
  const { name, hall, counter, mode, renewKeys } = draft;
  const recording = { ...(camera?.recording ?? {}), mode, keepDays: Number(draft.keepDays) };
  return {
    ...addressesOf(draft, camera),
    ...(camera && renewKeys ? { renewKeys } : {}),
    ...{ name, hall: hall === '' ? null : hall, counter: counter === '' ? null : counter, recording },
  };
}
