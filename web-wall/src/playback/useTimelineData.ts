import type { RecordedSpan, TimelineMark } from '@mingjing/contracts';
import { useDebounceFn, useIntervalFn } from '@vueuse/core';
import { onScopeDispose, shallowRef, watch } from 'vue';
import type { ShallowRef } from 'vue';
import type { Eyes } from './recordings.ts';
import type { Playback } from './usePlayback.ts';
import { DAY_MS, lengthOf } from './timelineView.ts';
import type { TimeView } from './timelineView.ts';

type Recorded = ReadonlyMap<string, readonly RecordedSpan[]>;

export interface TimelineData {
  /** What is recorded, by camera and by screen. */
  spans: Recorded;
  screenSpans: Recorded;
  marks: readonly TimelineMark[];
  /** From when on marks were left out; null where none was. */
  cutAt: number | null;
}

interface Reading {
  data: ShallowRef<TimelineData>;
  failure: ShallowRef<unknown>;
  /** False until something has come, or failed to. */
  loaded: ShallowRef<boolean>;
}

const NOTHING: TimelineData = { spans: new Map(), screenSpans: new Map(), marks: [], cutAt: null };
const PAUSE_MS = 250;
/** Recordings grow, and what failed is tried again. In ms. */
const AGAIN_MS = 10_000;

/** What is recorded and what happened in the stretch that is shown, and half as much on either side. */
export function useTimelineData({ recordings }: Playback, eyes: () => Eyes, view: () => TimeView): Reading {
  const data = shallowRef<TimelineData>(NOTHING);
  const failure = shallowRef<unknown>(null);
  const loaded = shallowRef(false);
  let asking: AbortController | null = null;
  let read: TimeView = { from: 0, to: 0 };

  async function load(): Promise<void> {
    asking?.abort();
    const { cameras, screens } = eyes();
    if (cameras.length + screens.length === 0) {
      data.value = NOTHING;
      return;
    }
    const { signal } = (asking = new AbortController());
    const pad = Math.min(DAY_MS, lengthOf(view()) / 2);
    const from = Math.floor(view().from - pad);
    const to = Math.ceil(view().to + pad);
    try {
      const [spans, { marks, cutAt }, ...looked] = await Promise.all([
        cameras.length === 0 ? [] : recordings.spans(cameras, from, to, signal),
        recordings.marks({ cameras, screens }, from, to, signal),
        ...screens.map((screen) => recordings.screenSpans(screen, from, to, signal)),
      ]);
      read = { from, to };
      data.value = {
        spans: new Map(spans.map((of) => [of.camera, of.spans])),
        screenSpans: new Map(screens.map((screen, index) => [screen, looked[index] ?? []])),
        ...{ marks, cutAt },
      };
      failure.value = null;
    } catch (error) {
      if (signal.aborted) return;
      failure.value = error;
    }
    loaded.value = true;
  }
  const soon = useDebounceFn(() => void load(), PAUSE_MS);
  watch(
    () => [...eyes().cameras, '', ...eyes().screens].join('\n'),
    () => {
      loaded.value = false;
      void load();
    },
    { immediate: true },
  );
  watch(view, ({ from, to }) => {
    const seen = lengthOf(read) / Math.max(1, to - from);
    // Known well enough, unless it is looked at so much closer that finer gaps and more marks may be seen.
    if (from < read.from || to > read.to || seen > 8) void soon();
  });
  useIntervalFn(() => {
    if (failure.value !== null || view().to > Date.now() - 2 * AGAIN_MS) void load();
  }, AGAIN_MS);
  onScopeDispose(() => asking?.abort());
  return { data, failure, loaded };
}
