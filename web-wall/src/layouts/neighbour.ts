import type { TilePlace } from '@mingjing/contracts';

export type Direction = 'left' | 'right' | 'up' | 'down';

export const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

type Place = Pick<TilePlace, 'x' | 'y' | 'w' | 'h'>;

/** How far a place is from another in one direction, and how far it lies aside; null when it is not there at all. */
function distance(from: Place, to: Place, direction: Direction): { ahead: number; aside: number } | null {
  const sideways = direction === 'left' || direction === 'right';
  const ahead = {
    left: from.x - (to.x + to.w),
    right: to.x - (from.x + from.w),
    up: from.y - (to.y + to.h),
    down: to.y - (from.y + from.h),
  }[direction];
  if (ahead < 0) return null;
  const middle = (place: Place): number => (sideways ? place.y + place.h / 2 : place.x + place.w / 2);
  return { ahead, aside: Math.abs(middle(from) - middle(to)) };
}

/** The tile that an arrow key leads to: straight ahead before aside. @returns its index, or null at the edge */
export function neighbourOf(places: readonly Place[], from: number, direction: Direction): number | null {
  const start = places[from];
  if (!start) return null;
  let best: { index: number; cost: number } | null = null;
  for (const [index, place] of places.entries()) {
    const way = index === from ? null : distance(start, place, direction);
    if (!way) continue;
    const cost = way.ahead * 2 + way.aside * 3;
    if (!best || cost < best.cost) best = { index, cost };
  }
  return best?.index ?? null;
}
