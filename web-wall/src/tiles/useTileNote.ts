import { useTimeoutFn } from '@vueuse/core';
import { ref } from 'vue';
import type { Ref } from 'vue';

/** How long a word stands. In ms. */
const STANDS_MS = 6_000;

interface TileNote {
  note: Readonly<Ref<string | null>>;
  say: (text: string) => void;
}

/** A word over a tile about what was just done or refused; it goes by itself. */
export function useTileNote(): TileNote {
  const note = ref<string | null>(null);
  const { start } = useTimeoutFn(() => (note.value = null), STANDS_MS, { immediate: false });
  function say(text: string): void {
    note.value = text;
    start();
  }
  return { note, say };
}
