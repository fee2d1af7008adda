import { useLocalStorage } from '@vueuse/core';
import { computed, ref, watch } from 'vue';
import type { ComputedRef, Ref, WritableComputedRef } from 'vue';
import type { Playback } from '../../playback/usePlayback.ts';
import { useSession } from '../../stores/session.ts';
import { idsOf, keyOf, startingChoice, startingInstant } from './playables.ts';
import type { Choice, Playable } from './playables.ts';
import type { PlaybackAddress } from './usePlaybackRoute.ts';

interface Chosen {
  /** By key; setting it is a person's choice, and remembered. */
  chosen: WritableComputedRef<string[]>;
  /** Those of them that there are, in their order. */
  known: ComputedRef<Playable[]>;
  /** How many there are not, or not for this viewer. */
  unknown: ComputedRef<number>;
  /** Where the choice comes from; null once a person has chosen. */
  why: Ref<Choice['why'] | null>;
}

/** What is played: what the address asks for, else what this person played last or what was recorded last. */
export function useChoice(
  { clock }: Playback,
  start: PlaybackAddress,
  playables: () => Playable[] | null,
  settled: () => boolean,
): Chosen {
  const user = useSession().user?.username ?? '';
  const last = useLocalStorage<string[]>(`mingjing.playback.${user}`, []);
  const keys = ref([
    ...start.cameras.map((id) => keyOf('camera', id)),
    ...start.screens.map((id) => keyOf('screen', id)),
  ]);
  const why = ref<Choice['why'] | null>(keys.value.length > 0 ? 'asked' : null);
  const known = computed(() => {
    const byKey = new Map((playables() ?? []).map((playable) => [playable.key, playable]));
    return keys.value.flatMap((key) => byKey.get(key) ?? []);
  });
  const unknown = computed(() => {
    // Which screens there are is heard a little later than which cameras.
    const sure = settled() ? keys.value : idsOf('camera', keys.value).map((id) => keyOf('camera', id));
    const there = new Set(known.value.map(({ key }) => key));
    return playables() === null ? 0 : sure.filter((key) => !there.has(key)).length;
  });

  const first = clock.at;
  function begin(): void {
    if (!settled()) return;
    stopBeginning();
    if (why.value === null && keys.value.length === 0) {
      const choice = startingChoice(playables() ?? [], last.value);
      keys.value = choice.keys;
      why.value = choice.keys.length > 0 ? choice.why : null;
    }
    // Unless somebody has moved it meanwhile.
    if (start.at === null && clock.at === first) clock.seek(startingInstant(known.value, Date.now()));
  }
  const stopBeginning = watch(settled, begin);
  begin();

  const chosen = computed({
    get: () => keys.value,
    set(next: string[]) {
      keys.value = next;
      why.value = null;
      last.value = next;
    },
  });
  return { chosen, known, unknown, why };
}
