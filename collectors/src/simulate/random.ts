/** A small seeded generator of pseudo-random numbers: the same seed gives the same sequence everywhere. */
export interface Random {
  /** A number in [0, 1). */
  next: () => number;
  /** A number in [from, to). */
  between: (from: number, to: number) => number;
  /** An integer from `from` to `to`, both included. */
  int: (from: number, to: number) => number;
  /** True with the given probability. */
  chance: (probability: number) => boolean;
  /** One of a list. @throws RangeError when the list is empty */
  pick: <T>(list: readonly T[]) => T;
  /** One of a list, each as likely as its weight says. @throws RangeError when nothing has weight */
  weighted: <T>(list: readonly T[], weight: (item: T) => number) => T;
}

/** FNV-1a over UTF-16 code units: a 32-bit number from any text. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

/** mulberry32: 32 bits of state, full period, good enough for a play. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * A generator for one purpose: `randomFrom('1', '2026-11-20')` and `randomFrom('1', '2026-11-23')` are
 * independent, so that no day's play depends on which days were played before it.
 */
export function randomFrom(...seed: (string | number)[]): Random {
  const next = mulberry32(hashOf(seed.join('\u001f')));
  const between = (from: number, to: number) => from + next() * (to - from);
  const pick = <T>(list: readonly T[]): T => {
    const item = list[Math.floor(next() * list.length)];
    if (item === undefined) throw new RangeError('nothing to pick from: the list is empty');
    return item;
  };
  const weighted = <T>(list: readonly T[], weight: (item: T) => number): T => {
    let left = next() * list.reduce((sum, item) => sum + weight(item), 0);
    for (const item of list) {
      left -= weight(item);
      if (left < 0) return item;
    }
    throw new RangeError('nothing to pick from: nothing in the list has weight');
  };
  return {
    next,
    between,
    int: (from, to) => Math.floor(between(from, to + 1)),
    chance: (probability) => next() < probability,
    pick,
    weighted,
  };
}
