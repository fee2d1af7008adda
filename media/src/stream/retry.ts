/** How often each pause is used before the next, longer one; the last goes on for ever. */
const LADDER: readonly { times: number; delayMs: number }[] = [
  { times: 5, delayMs: 1000 },
  { times: 5, delayMs: 5000 },
  { times: 10, delayMs: 10_000 },
];
const FOR_EVER_MS = 60_000;

/** After so many failures in a row a source counts as failed; it is still tried once a minute. */
export const GIVEN_UP_AFTER = LADDER.reduce((sum, { times }) => sum + times, 0);

/**
 * How long to wait before a source is tried again: 1 s five times, 5 s five times, 10 s ten times,
 * then 60 s.
 * @param attempt failures in a row, from 1
 * @returns ms
 */
export function retryDelay(attempt: number): number {
  let upTo = 0;
  for (const { times, delayMs } of LADDER) {
    upTo += times;
    if (attempt <= upTo) return delayMs;
  }
  return FOR_EVER_MS;
}
