/** Milliseconds to wait before the given attempt (from 1): 1 s five times, 5 s five times, then 10 s. */
export function retryDelay(attempt: number): number {
  if (attempt <= 5) return 1_000;
  return attempt <= 10 ? 5_000 : 10_000;
}
