import type { Millis, ObservationData, StoredObservation } from '@mingjing/contracts';
import type { CameraAlarm, CameraSeen, PictureRun } from '../model.ts';
import { orderKey } from './order.ts';

/** Raised whenever a fold says anything else than before. */
export const CAMERA_FOLD_VERSION = 1;

/** Whoever comes and goes more often than this is remembered from here on. */
const MOST_RUNS = 64;
const MOST_ALARMS = 20;
/** A picture that was there for so long: whatever was before plays no part in anything any more. */
const LONG_MS = 3_600_000;

type Told = Pick<StoredObservation, 'observedAt' | 'kind' | 'source' | 'id' | 'data'>;
type AlarmTopic = keyof CameraSeen['alarms'];

const NOTHING: CameraSeen = {
  ...{ foldVersion: CAMERA_FOLD_VERSION, lastOrder: '', picture: [] },
  ...{ alarms: { tamper: [], 'signal-loss': [] }, active: { tamper: [], 'signal-loss': [] } },
};

function pictureOf({ state, hostSilent }: ObservationData['stream.state']): PictureRun['picture'] {
  if (hostSilent) return 'unknown';
  if (state === 'live') return 'live';
  return state === 'idle' ? 'off' : 'lost';
}

/** What a later look can still need: the runs since the picture was last there for long. */
function relevant(runs: PictureRun[]): PictureRun[] {
  const settled = runs.findLastIndex(
    ({ picture, from }, index) => picture === 'live' && (runs[index + 1]?.from ?? from) - from >= LONG_MS,
  );
  return runs.slice(Math.max(settled, 0)).slice(-MOST_RUNS);
}

function withPicture(runs: PictureRun[], at: Millis, data: ObservationData['stream.state']): PictureRun[] {
  const { state } = data;
  const picture = pictureOf(data);
  const last = runs.at(-1);
  const attempt = data.attempt ?? null;
  const reason = data.reason ?? null;
  if (last?.picture !== picture)
    return relevant([...runs, { picture, from: at, state, stateSince: at, attempt, reason }]);
  const told: PictureRun = {
    ...{ picture, from: last.from, state, attempt: attempt ?? last.attempt, reason: reason ?? last.reason },
    stateSince: last.state === state ? last.stateSince : at,
  };
  return [...runs.slice(0, -1), told];
}

function isAlarm(topic: unknown): topic is AlarmTopic {
  return topic === 'tamper' || topic === 'signal-loss';
}

/** Which camera an observation tells something of that rules judge by; undefined for any other, also for motion. */
export function cameraOf({ kind, data }: Pick<StoredObservation, 'kind' | 'data'>): string | undefined {
  const told = kind === 'stream.state' || (kind === 'camera.event' && isAlarm(data['topic']));
  return told ? String(data['camera']) : undefined;
}

/** A camera may have several alarms of one topic: too dark, moved. It is over when the last one is. */
function withAlarm(seen: CameraSeen, at: Millis, data: ObservationData['camera.event']): CameraSeen {
  const { topic, state, text } = data;
  if (!isAlarm(topic)) return seen;
  const before = seen.active[topic];
  const others = before.filter((one) => one !== text);
  // The end of one that was never told of, in words of its own: of all.
  const ended = others.length < before.length ? others : [];
  const active = state === null ? before : state ? [...others, text].slice(-MOST_ALARMS) : ended;
  const alarms = seen.alarms[topic];
  const last = alarms.at(-1);
  const on = active.length > 0;
  const moment = state === null && !on;
  const next: CameraAlarm = { on: on || moment, moment, from: at, text };
  const same = last !== undefined && !moment && last.on === next.on && !last.moment;
  const nothing = last === undefined && !next.on;
  return {
    ...seen,
    active: { ...seen.active, [topic]: active },
    alarms: {
      ...seen.alarms,
      [topic]: same || nothing ? alarms : [...alarms, next].slice(-MOST_ALARMS),
    },
  };
}

/**
 * Adds one observation of a camera (`cameraOf`).
 * @returns what is known of it then; 'refold' where the observation comes late, and everything must be folded anew
 */
export function applyCameraTold(held: CameraSeen | null, told: Told): CameraSeen | 'refold' {
  const seen = held ?? NOTHING;
  const order = orderKey(told);
  if (order <= seen.lastOrder) return 'refold';
  const next: CameraSeen = { ...seen, lastOrder: order };
  if (told.kind === 'stream.state') {
    const data = told.data as unknown as ObservationData['stream.state'];
    return { ...next, picture: withPicture(seen.picture, told.observedAt, data) };
  }
  return withAlarm(next, told.observedAt, told.data as unknown as ObservationData['camera.event']);
}

/** What was told of a camera, by the time at which it was observed: in whatever order it came, it comes out the same. */
export function foldCamera(told: readonly Told[]): CameraSeen | null {
  const ordered = told
    .map((one) => ({ one, order: orderKey(one) }))
    .sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0));
  let seen: CameraSeen | null = null;
  for (const { one } of ordered) {
    const next = applyCameraTold(seen, one);
    // The same observation twice.
    if (next !== 'refold') seen = next;
  }
  return seen;
}
