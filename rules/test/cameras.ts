import type { ObservationData, StoredObservation } from '@mingjing/contracts';
import {
  defaultRuleset,
  evaluate,
  foldCamera,
  type CameraInput,
  type EngineChange,
  type NewAlert,
} from '../src/index.ts';
import { at as instant, zhuozhou } from './events.ts';

/** A Monday that is worked. */
const DAY = '2026-11-02';
let last = 0;

/** A time of that day. */
export const time = (text: string): number => instant(`${DAY}T${text}+08:00`);

function observation(
  kind: 'stream.state' | 'camera.event',
  text: string,
  data: Record<string, unknown>,
): StoredObservation {
  last += 1;
  return {
    ...{ seq: last, source: 'collectors', id: `c${last}`, kind, region: zhuozhou.code },
    ...{ observedAt: time(text), receivedAt: time(text) + 500 },
    data: { region: zhuozhou.code, camera: 'zz-3', ...data },
  };
}

/** The state of the camera's stream. */
export function picture(
  text: string,
  state: ObservationData['stream.state']['state'],
  more: Partial<ObservationData['stream.state']> = {},
): StoredObservation {
  return observation('stream.state', text, { state, ...more });
}

/** What the camera says itself. */
export function event(
  text: string,
  topic: ObservationData['camera.event']['topic'],
  state: boolean | null,
  words: string,
): StoredObservation {
  return observation('camera.event', text, { topic, state, text: words });
}

/** A camera of a counter, recorded day and night unless it is told otherwise, as it is looked at. */
export function camera(
  told: readonly StoredObservation[],
  text: string,
  { of = {}, ...more }: Partial<Omit<CameraInput, 'camera'>> & { of?: Partial<CameraInput['camera']> } = {},
): CameraInput {
  return {
    ...{ type: 'camera', at: time(text), region: zhuozhou, silent: false },
    camera: {
      ...{ id: 'zz-3', name: '3 号窗口', hall: 'zz-hall', counter: 'zz-03' },
      ...{ disabled: false, recording: 'continuous' },
      ...of,
    },
    hall: { id: 'zz-hall', region: zhuozhou.code, name: '涿州市政务大厅', virtual: false },
    seen: foldCamera(told),
    ...more,
  };
}

/** What the shipped rules change, apart from when to look again. */
export function changes(input: CameraInput): EngineChange[] {
  return evaluate(input, defaultRuleset).filter(({ type }) => type !== 'camera.look');
}

export function raised(input: CameraInput): NewAlert[] {
  return changes(input).flatMap((change) => (change.type === 'alert.raised' ? [change.alert] : []));
}

/** When the camera is to be looked at again. */
export function nextLook(input: CameraInput): number | null {
  const [look] = evaluate(input, defaultRuleset);
  if (look?.type !== 'camera.look') throw new Error('a camera is always told when to look again');
  return look.at;
}
