import type { ScreenZone } from '@mingjing/contracts';

/** A point of a picture, in shares of its width and height. */
export interface Point {
  x: number;
  y: number;
}

/** Nobody means a zone smaller than this, in shares. */
const LEAST = 0.01;
/** One press of a key. */
const STEP = 0.01;

const within = (value: number, most = 1): number => Math.min(most, Math.max(0, value));
/** Shares are told to a ten-thousandth: what is dragged is no more exact. */
const round = (value: number): number => Math.round(value * 1e4) / 1e4;

/** The zone between two points; null when it is too small to be meant. */
export function zoneBetween(from: Point, to: Point, what: ScreenZone['what']): ScreenZone | null {
  const [x, y] = [round(within(Math.min(from.x, to.x))), round(within(Math.min(from.y, to.y)))];
  const width = round(within(Math.max(from.x, to.x)) - x);
  const height = round(within(Math.max(from.y, to.y)) - y);
  return width < LEAST || height < LEAST ? null : { what, x, y, width, height };
}

const DIRECTIONS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

/** A zone after an arrow key: moved, or with Shift made larger or smaller; itself after any other key. */
export function nudged(zone: ScreenZone, key: string, resize: boolean): ScreenZone {
  const [dx, dy] = DIRECTIONS[key] ?? [0, 0];
  const { x, y, width, height } = zone;
  if (resize) {
    return {
      ...zone,
      width: round(Math.max(LEAST, within(width + dx, 1 - x))),
      height: round(Math.max(LEAST, within(height + dy, 1 - y))),
    };
  }
  return { ...zone, x: round(within(x + dx, 1 - width)), y: round(within(y + dy, 1 - height)) };
}
