import { computed, onScopeDispose, shallowRef, triggerRef, watch } from 'vue';
import type { ComputedRef } from 'vue';

/** Sub-streams of about 640 × 360 that one core decodes beside everything else a wall does. */
const PER_CORE = 8;
const LEAST = 4;
const MOST = 64;

/** How many pictures a machine with so many cores plays at a time. */
export function liveLimit(cores: number): number {
  return Math.min(MOST, Math.max(LEAST, cores * PER_CORE));
}

/**
 * Who plays: those that matter most, and among equals those that played before, so that nothing changes to and fro.
 * @param wishes each with its weight; in the order in which they came
 */
export function grant(wishes: ReadonlyMap<symbol, number>, limit: number): Set<symbol> {
  const order = [...wishes].sort(([, one], [, other]) => other - one);
  return new Set(order.slice(0, limit).map(([who]) => who));
}

const wishes = shallowRef(new Map<symbol, number>());
export const LIMIT = liveLimit(navigator.hardwareConcurrency || 2);
const granted = computed(() => grant(wishes.value, LIMIT));

/**
 * Asks for one of the page's places for live pictures.
 * @param weight above 0 the tile wants to play, and goes before those with less; 0: it does not want to
 * @returns whether it may
 */
export function useLivePlace(weight: () => number): ComputedRef<boolean> {
  const me = Symbol('tile');
  watch(
    weight,
    (now) => {
      if (now > 0) wishes.value.set(me, now);
      else wishes.value.delete(me);
      triggerRef(wishes);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    wishes.value.delete(me);
    triggerRef(wishes);
  });
  return computed(() => granted.value.has(me));
}
