import { computed } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { useFormat } from '../app/useFormat.ts';
import { useNow } from '../app/useNow.ts';
import type { MarkKind } from '../components/StateMark.vue';
import type { TileView } from '../video/tileView.ts';
import { liveLimit } from './liveBudget.ts';
import type { Still } from './useStill.ts';

interface TileWords {
  mark: ComputedRef<MarkKind>;
  stateText: ComputedRef<string>;
  /** When it is tried again, where it is off. */
  retryText: ComputedRef<string>;
  /** Why it is a still, where it is one by choice. */
  stillWhy: ComputedRef<string | null>;
}

/** What a camera's tile says of itself: one colour, one shape and one word for each state. */
export function useTileWords(
  view: Readonly<Ref<TileView>>,
  { granted, still }: { granted: Readonly<Ref<boolean>>; still: Readonly<Ref<Still | null>> },
): TileWords {
  const { t } = useI18n();
  const format = useFormat();
  const now = useNow();
  const mark = computed((): MarkKind => {
    const { state, transcoded, fallback } = view.value;
    if (state === 'off') return 'off';
    if (!granted.value) return 'still';
    if (state !== 'live') return state;
    if (fallback) return 'fallback';
    return transcoded ? 'transcoded' : state;
  });
  const stateText = computed(() => {
    const { since } = view.value;
    if (mark.value === 'still') {
      const takenAt = still.value?.takenAt ?? null;
      return takenAt === null ? t('tiles.still') : `${t('tiles.still')} · ${format.ago(takenAt)}`;
    }
    if (mark.value === 'transcoded' || mark.value === 'fallback') return t(`tiles.${mark.value}`);
    const word = t(`state.${view.value.state}`);
    return mark.value === 'frozen' && since !== null ? `${word} ${format.duration(now.value - since)}` : word;
  });
  const retryText = computed(() => {
    const { attempt, retryAt } = view.value;
    const wait = retryAt === null ? null : Math.ceil((retryAt - now.value) / 1000);
    if (wait === null) return t('tile.waiting');
    if (wait <= 0) return t('tile.retrying');
    return attempt === null ? t('tile.retryIn', { wait }) : t('tile.retryNumber', { attempt, wait });
  });
  const stillWhy = computed(() => (granted.value ? null : t('tiles.stillWhy', { limit: liveLimit.value })));
  return { mark, stateText, retryText, stillWhy };
}
