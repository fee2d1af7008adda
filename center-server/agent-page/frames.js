/** Pixels as four bytes each. What is covered in both is not looked at. */
const CHANNEL_NOISE = 24;
const FEWEST_PIXELS = 4;

/** A copy with zones (shares of width and height) painted black. */
export function covered({ width, height, data }, zones) {
  const copy = new Uint8ClampedArray(data);
  for (const zone of zones) {
    const [left, right] = [
      Math.floor(zone.x * width),
      Math.min(width, Math.ceil((zone.x + zone.width) * width)),
    ];
    const [top, bottom] = [
      Math.floor(zone.y * height),
      Math.min(height, Math.ceil((zone.y + zone.height) * height)),
    ];
    for (let y = top; y < bottom; y += 1) copy.fill(0, (y * width + left) * 4, (y * width + right) * 4);
  }
  return { width, height, data: copy };
}

/** Whether two pictures differ to an eye. */
export function differs(a, b) {
  if (a.width !== b.width || a.height !== b.height) return true;
  let pixels = 0;
  for (let at = 0; at < a.data.length; at += 4) {
    const far = [0, 1, 2].some(
      (channel) => Math.abs(a.data[at + channel] - b.data[at + channel]) > CHANNEL_NOISE,
    );
    if (far && (pixels += 1) >= FEWEST_PIXELS) return true;
  }
  return false;
}
