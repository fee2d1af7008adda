import type { CaseDetail, RecordedSpan } from '@mingjing/contracts';
import { useDebounceFn, useIntervalFn } from '@vueuse/core';
import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import type { ComputedRef, ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useNow } from '../../app/useNow.ts';
import { DAY_MS, lengthOf, viewAround } from '../../playback/timelineView.ts';
import type { TimeView } from '../../playback/timelineView.ts';
import type { TimeMark, TimeRow } from '../../playback/timeRows.ts';
import type { Playback } from '../../playback/usePlayback.ts';
import { courseOf, eventKey, textOf } from './course.ts';
import { stageSpans } from './replayTime.ts';
import { useNamed } from './useNamed.ts';

interface Lines {
  rows: ComputedRef<TimeRow[]>;
  marks: ComputedRef<TimeMark[]>;
  failure: ShallowRef<unknown>;
}

interface Shown {
  item: () => CaseDetail;
  camera: () => string | null;
  screen: () => string | null;
  view: () => TimeView;
}

const PAUSE_MS = 250;
const AGAIN_MS = 15_000;
/** What the centre answers at once, with some room. */
const MOST_MS = 7 * DAY_MS;

/** The lines of the replay: when the camera recorded, when the screen was looked at, and the case's own stages and steps. */
export function useReplayLines(
  { recordings, clock }: Playback,
  { item, camera, screen, view }: Shown,
): Lines {
  const { t } = useI18n();
  const named = useNamed();
  const now = useNow();
  const failure = shallowRef<unknown>(null);
  const recorded = shallowRef<readonly RecordedSpan[]>([]);
  const looked = shallowRef<readonly RecordedSpan[]>([]);
  let asking: AbortController | null = null;

  async function load(): Promise<void> {
    asking?.abort();
    const { signal } = (asking = new AbortController());
    // Of a case of many weeks what lies around the clock is asked for: there is no more to be seen of it at that scale.
    const seen = view();
    const { from, to } =
      lengthOf(seen) > MOST_MS / 2
        ? viewAround(clock.at, MOST_MS)
        : viewAround((seen.from + seen.to) / 2, lengthOf(seen) * 2);
    const span = [Math.max(0, Math.floor(from)), Math.ceil(to), signal] as const;
    const [cameraId, screenId] = [camera(), screen()];
    try {
      const [spans, looks] = await Promise.all([
        cameraId === null ? [] : recordings.spans([cameraId], ...span),
        screenId === null ? [] : recordings.screenSpans(screenId, ...span),
      ]);
      recorded.value = spans[0]?.spans ?? [];
      looked.value = looks;
      failure.value = null;
    } catch (error) {
      if (!signal.aborted) failure.value = error;
    }
  }
  const soon = useDebounceFn(() => void load(), PAUSE_MS);
  watch([camera, screen], () => void load(), { immediate: true });
  watch(view, () => void soon());
  useIntervalFn(() => void load(), AGAIN_MS);
  onScopeDispose(() => asking?.abort());

  /** What there are pictures of, where there is one. */
  const of = (kind: 'camera' | 'screen', id: string | null) => (id === null ? {} : { of: { kind, id } });
  const tone = 'recorded' as const;
  const rows = computed<TimeRow[]>(() => [
    { key: 'camera', label: t('case.replay.camera'), tone, spans: recorded.value, ...of('camera', camera()) },
    { key: 'screen', label: t('case.replay.screen'), tone, spans: looked.value, ...of('screen', screen()) },
    { key: 'case', label: t('case.replay.case'), tone: 'stage', spans: stageSpans(item(), now.value) },
  ]);
  const marks = computed<TimeMark[]>(() =>
    courseOf(item()).map(({ at, event, card }, index) => {
      const key = `${at} ${index}`;
      if (card) return { key, at, kind: card.rung, word: t(`state.${card.rung}`), text: '' };
      const stage = textOf(event.data, 'stage') ?? '';
      const procedure = named('procedure', textOf(event.data, 'procedure') ?? 'other');
      const numbers = { order: '', complaint: '', appeal: '' };
      const word = t(eventKey(event.kind), { ...numbers, stage, procedure });
      return { key, at, kind: 'event', word, text: event.officer ?? '' };
    }),
  );
  return { rows, marks, failure };
}
