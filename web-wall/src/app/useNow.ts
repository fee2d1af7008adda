import { createSharedComposable, useIntervalFn, useNow as useClock } from '@vueuse/core';
import { computed } from 'vue';
import type { ComputedRef } from 'vue';

/** The current instant in ms since the epoch, moving once a second, shared by everything that shows an age. */
export const useNow: () => ComputedRef<number> = createSharedComposable(() => {
  const now = useClock({ scheduler: (tick) => useIntervalFn(tick, 1000) });
  return computed(() => now.value.getTime());
});
