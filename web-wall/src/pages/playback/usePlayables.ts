import type { CameraTile, RecordedExtent, ScreenTile } from '@mingjing/contracts';
import { useIntervalFn } from '@vueuse/core';
import { computed, shallowRef, watch } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import { call } from '../../api/client.ts';
import { useAnswer } from '../../app/useAnswer.ts';
import { useWall } from '../../stores/wall.ts';
import { playablesOf } from './playables.ts';
import type { Playable } from './playables.ts';

interface Playables {
  /** Null until the cameras are known. */
  playables: ComputedRef<Playable[] | null>;
  /** Whether it is known of which cameras there are recordings, and which screens there are. */
  settled: ComputedRef<boolean>;
  failure: Ref<string | null>;
  load: () => Promise<void>;
}

/** Recordings begin and end. In ms. */
const AGAIN_MS = 30_000;

/** The cameras and screens of the viewer's region, and of which there are recordings. */
export function usePlayables(): Playables {
  const wall = useWall();
  const cameras = useAnswer<CameraTile[]>(() => call('GET /api/cameras', { query: {} }));
  const extents = useAnswer<RecordedExtent[]>(() => call('GET /api/recordings/extents', { query: {} }));
  const screens = shallowRef<readonly ScreenTile[] | null>(null);
  const takeScreens = (): void => {
    screens.value = wall.snapshot?.screens ?? screens.value;
  };
  // Their pictures change all the time; which there are does not.
  watch(() => wall.snapshot?.screens.map(({ id }) => id).join('\n'), takeScreens, { immediate: true });
  useIntervalFn(() => {
    takeScreens();
    void extents.load();
  }, AGAIN_MS);
  return {
    playables: computed(
      () => cameras.value.value && playablesOf(cameras.value.value, screens.value ?? [], extents.value.value),
    ),
    settled: computed(
      () => cameras.value.value !== null && extents.value.value !== null && screens.value !== null,
    ),
    failure: cameras.failure,
    async load() {
      await Promise.all([cameras.load(), extents.load()]);
    },
  };
}
