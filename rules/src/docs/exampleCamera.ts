import type { StoredObservation } from '@mingjing/contracts';
import { foldCamera } from '../fold/foldCamera.ts';
import type { CameraInput } from '../model.ts';
import { EXAMPLE_REGION, instant } from './exampleCase.ts';

/** What was told of a camera, when ("11-02 09:00", local time of 2026), with what. */
type Told = readonly [kind: 'stream.state' | 'camera.event', at: string, data: Record<string, unknown>];

/**
 * A recorded camera of a counter, of which a few things were told.
 * @param at when it is looked at
 */
export function exampleCamera(at: string, told: readonly Told[]): CameraInput {
  const observations = told.map(([kind, time, data], index): StoredObservation => ({
    ...{ seq: index + 1, source: 'collectors', id: `${index + 1}`, kind, region: EXAMPLE_REGION.code },
    ...{ observedAt: instant(time), receivedAt: instant(time) },
    data: { region: EXAMPLE_REGION.code, camera: 'zz-3', ...data },
  }));
  return {
    ...{ type: 'camera', at: instant(at), region: EXAMPLE_REGION, silent: false },
    camera: {
      ...{ id: 'zz-3', name: '3 号窗口', hall: 'zz-hall', counter: 'zz-03' },
      ...{ disabled: false, recording: 'continuous' },
    },
    hall: { id: 'zz-hall', region: EXAMPLE_REGION.code, name: '涿州市政务大厅', virtual: false },
    seen: foldCamera(observations),
  };
}
