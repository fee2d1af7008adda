import type { Pixels } from './png.ts';

/** left, top, width, height. */
export type Box = readonly [number, number, number, number];

/** Text is drawn a little over the edge of its box. In CSS pixels. */
const MARGIN = 3;
/** Less is noise of drawing: of one channel, and of how many pixels. */
const CHANNEL_NOISE = 24;
const FEWEST_PIXELS = 4;

interface Edges {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function edgesOf([x, y, width, height]: Box, { width: across, height: down }: Pixels, scale: number): Edges {
  const within = (value: number, most: number): number => Math.min(most, Math.max(0, value));
  return {
    left: within(Math.floor((x - MARGIN) * scale), across),
    top: within(Math.floor((y - MARGIN) * scale), down),
    right: within(Math.ceil((x + width + MARGIN) * scale), across),
    bottom: within(Math.ceil((y + height + MARGIN) * scale), down),
  };
}

/**
 * A copy with boxes painted black.
 * @param scale pixels of the picture for one of the boxes' own
 */
export function paintOver(picture: Pixels, boxes: readonly Box[], scale: number): Pixels {
  const data = Buffer.from(picture.data);
  for (const box of boxes) {
    const { left, top, right, bottom } = edgesOf(box, picture, scale);
    if (right <= left) continue;
    for (let y = top; y < bottom; y += 1)
      data.fill(0, (y * picture.width + left) * 3, (y * picture.width + right) * 3);
  }
  return { ...picture, data };
}

/** Whether two pictures differ to an eye. What must not be looked at is painted over in both before. */
export function differs(a: Pixels, b: Pixels): boolean {
  if (a.width !== b.width || a.height !== b.height) return true;
  if (a.data.equals(b.data)) return false;
  let pixels = 0;
  for (let at = 0; at < a.data.length; at += 3) {
    const far =
      Math.abs((a.data[at] ?? 0) - (b.data[at] ?? 0)) > CHANNEL_NOISE ||
      Math.abs((a.data[at + 1] ?? 0) - (b.data[at + 1] ?? 0)) > CHANNEL_NOISE ||
      Math.abs((a.data[at + 2] ?? 0) - (b.data[at + 2] ?? 0)) > CHANNEL_NOISE;
    if (far && (pixels += 1) >= FEWEST_PIXELS) return true;
  }
  return false;
}
