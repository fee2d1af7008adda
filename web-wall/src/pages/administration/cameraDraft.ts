import type { AdminCamera, CameraSource, DiscoveredCamera, RecordingPlan } from '@mingjing/contracts';

/** A camera as it is typed: text in every field. */
export interface CameraDraft {
  id: string;
  name: string;
  region: string;
  hall: string;
  counter: string;
  url: string;
  transport: 'auto' | 'tcp' | 'udp';
  sub: string;
  username: string;
  password: string;
  onvif: string;
  mode: RecordingPlan['mode'];
  keepDays: string;
}

const addressOf = (source: CameraSource | null | undefined): string =>
  source?.kind === 'rtsp' ? source.url : '';

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
    url: addressOf(camera?.source) || (found?.main ?? ''),
    transport: transport ?? 'auto',
    sub: addressOf(camera?.sub) || (found?.sub ?? ''),
    username: '',
    password: '',
    onvif: camera?.onvif ?? found?.onvif ?? '',
    mode: camera?.recording?.mode ?? 'off',
    keepDays: String(camera?.recording?.keepDays ?? 30),
  };
}

/** A film or a made picture keeps what it is: only addresses are typed here. */
function sourceOf({ url, transport }: CameraDraft, before: CameraSource | undefined): CameraSource {
  if (before && before.kind !== 'rtsp' && url === '') return before;
  return { kind: 'rtsp', url, ...(transport === 'auto' ? {} : { transport }) };
}

function subOf(
  { sub, transport }: CameraDraft,
  before: CameraSource | null | undefined,
): CameraSource | null {
  if (sub === '') return before && before.kind !== 'rtsp' ? before : null;
  return { kind: 'rtsp', url: sub, ...(transport === 'auto' ? {} : { transport }) };
}

/** Where the camera is, and how it is signed in at: what is tested, and part of what is saved. */
export function addressesOf(draft: CameraDraft, camera: AdminCamera | null) {
  const { username, password } = draft;
  return {
    region: draft.region,
    source: sourceOf(draft, camera?.source),
    sub: subOf(draft, camera?.sub),
    onvif: draft.onvif === '' ? null : draft.onvif,
    ...(username === '' && password === '' ? {} : { credentials: { username, password } }),
  };
}

/** What is saved. */
export function bodyOf(draft: CameraDraft, camera: AdminCamera | null) {
  const { name, hall, counter, mode } = draft;
  const recording = { ...(camera?.recording ?? {}), mode, keepDays: Number(draft.keepDays) };
  return {
    ...addressesOf(draft, camera),
    ...{ name, hall: hall === '' ? null : hall, counter: counter === '' ? null : counter, recording },
  };
}
