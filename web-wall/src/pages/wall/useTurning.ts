import { useIntervalFn } from '@vueuse/core';
import { computed, ref } from 'vue';
import type { ComputedRef, Ref } from 'vue';

/** How long a page of tiles stands before the next one. */
const TURN_EVERY_MS = 20_000;

interface Turning {
  page: Ref<number>;
  /** The user lets the pages turn. */
  wanted: Ref<boolean>;
  /** They do: nothing holds them. */
  turning: ComputedRef<boolean>;
  turn: (by: number) => void;
}

/**
 * 轮巡: when there are more tiles than room, the pages turn by themselves.
 * @param pages how many there are
 * @param held something wants to be looked at, so nothing turns
 */
export function useTurning(pages: ComputedRef<number>, held: ComputedRef<boolean>): Turning {
  const page = ref(0);
  const wanted = ref(true);
  const turning = computed(() => wanted.value && !held.value && pages.value > 1);
  function turn(by: number): void {
    page.value = (Math.min(page.value, pages.value - 1) + by + pages.value) % pages.value;
  }
  useIntervalFn(() => {
    if (turning.value) turn(1);
  }, TURN_EVERY_MS);
  return { page, wanted, turning, turn };
}
