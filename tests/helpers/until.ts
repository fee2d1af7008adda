const LOOK_EVERY_MS = 50;

/**
 * Looks again and again until what is seen is as wanted.
 * @param withinMs the bound
 * @returns what was seen at last
 * @throws Error with what was seen at last, when the bound is reached
 */
export async function until<T>(
  look: () => Promise<T> | T,
  wanted: (seen: T) => boolean,
  withinMs: number,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (wanted(seen)) return seen;
    if (performance.now() > deadline)
      throw new Error(`still not so after ${withinMs} ms: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
