import { useIntervalFn } from '@vueuse/core';
import { computed, effectScope, onScopeDispose, shallowRef, triggerRef, watch } from 'vue';
import type { ComputedRef, EffectScope } from 'vue';
import { beginPace, look } from './livePace.ts';
import type { Shown } from './livePace.ts';

/** A tile that wants to play. */
interface Wish {
  weight: number;
  /** Frames that came and that were shown, since its picture began; null while there is none. */
  frames: () => Promise<Shown | null>;
}

/**
 * Who plays: those that matter most, and among equals those that played before, so that nothing changes to and fro.
 * @param wishes each with its weight; in the order in which they came
 */
export function grant(wishes: ReadonlyMap<symbol, { weight: number }>, limit: number): Set<symbol> {
  const order = [...wishes].sort(([, one], [, other]) => other.weight - one.weight);
  return new Set(order.slice(0, limit).map(([who]) => who));
}

const LOOK_EVERY_MS = 3000;
const wishes = shallowRef(new Map<symbol, Wish>());
const pace = shallowRef(beginPace(navigator.hardwareConcurrency || 2));
/** How many pictures play at a time: an estimate at first, then as many as this browser is seen to bear. */
export const liveLimit = computed(() => pace.value.limit);
const granted = computed(() => grant(wishes.value, liveLimit.value));

/** A picture that has just begun catches up with what came before it: it is judged from this look on. */
const JUDGED_FROM = 2;
/** What was counted at the last look, and how often a picture has been looked at since it began. */
let last = new Map<symbol, { count: Shown; looks: number }>();

/** Looks at every picture that plays; a hidden page shows nothing, and nothing is told by it. */
async function lookOnce(): Promise<void> {
  const players = [...wishes.value].filter(([who]) => granted.value.has(who));
  const counts = await Promise.all(
    // A picture that ends while it is asked has nothing to tell.
    players.map(async ([who, { frames }]) => [who, await frames().catch(() => null)] as const),
  );
  const now = new Map<symbol, { count: Shown; looks: number }>();
  const pictures: Shown[] = [];
  for (const [who, count] of counts) {
    if (!count) continue;
    const before = last.get(who);
    const since = before && {
      came: count.came - before.count.came,
      shown: count.shown - before.count.shown,
    };
    // Counted anew: another stream has taken its place.
    const goesOn = since && since.came >= 0 && since.shown >= 0;
    const looks = goesOn ? before.looks + 1 : 0;
    now.set(who, { count, looks });
    if (goesOn && looks >= JUDGED_FROM) pictures.push(since);
  }
  last = now;
  if (document.visibilityState !== 'visible') return;
  const tiles = { places: players.length, waiting: wishes.value.size - players.length };
  pace.value = look(pace.value, pictures, tiles);
}

/** Runs while any tile wants to play. A browser that is slow to tell is not asked twice at a time. */
let looking: EffectScope | null = null;
let busy = false;
function lookNext(): void {
  if (busy) return;
  busy = true;
  void lookOnce().finally(() => (busy = false));
}
function lookWhileWanted(): void {
  if (wishes.value.size > 0 && !looking) {
    looking = effectScope(true);
    looking.run(() => useIntervalFn(lookNext, LOOK_EVERY_MS));
  } else if (wishes.value.size === 0) {
    looking?.stop();
    looking = null;
    last = new Map();
  }
}
function changed(): void {
  triggerRef(wishes);
  lookWhileWanted();
}

/**
 * Asks for one of the page's places for live pictures.
 * @param weight above 0 the tile wants to play, and goes before those with less; 0: it does not want to
 * @param frames what is counted of its picture
 * @returns whether it may
 */
export function useLivePlace(weight: () => number, frames: Wish['frames']): ComputedRef<boolean> {
  const me = Symbol('tile');
  watch(
    weight,
    (now) => {
      if (now > 0) wishes.value.set(me, { weight: now, frames });
      else wishes.value.delete(me);
      changed();
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    wishes.value.delete(me);
    changed();
  });
  return computed(() => granted.value.has(me));
}
