import type { RecordedSpan } from '@mingjing/contracts';

/** A jump leaves at least this far, in ms: else the mark one stands on would be the next one. */
const NEAR_MS = 250;

/** The instant before or after `at` among instants in order; null where there is none. */
export function neighbour(instants: readonly number[], at: number, direction: 1 | -1): number | null {
  const there =
    direction === 1
      ? instants.find((instant) => instant > at + NEAR_MS)
      : instants.findLast((instant) => instant < at - NEAR_MS);
  return there ?? null;
}

/** Spans of several sources as one: in order, what touches or overlaps joined. @param within joins over gaps so long, ms */
export function joinSpans(spans: readonly RecordedSpan[], within = 0): RecordedSpan[] {
  const joined: RecordedSpan[] = [];
  for (const { from, to } of spans.toSorted((one, other) => one.from - other.from)) {
    const last = joined.at(-1);
    if (last && from - last.to <= within) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined;
}

export function spanAt(spans: readonly RecordedSpan[], at: number): RecordedSpan | undefined {
  return spans.find(({ from, to }) => at >= from && at < to);
}

/**
 * Where a jump over a gap leads: forwards to the beginning of the next recording; backwards to the beginning of
 * this one, and from there to the one before. Null where there is none.
 */
export function jumpOverGap(spans: readonly RecordedSpan[], at: number, direction: 1 | -1): number | null {
  return neighbour(
    joinSpans(spans).map(({ from }) => from),
    at,
    direction,
  );
}
