/** What stands where there is no number: never 0, which would claim a count. */
export const NO_VALUE = '—';

const integer = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** 18,436. */
export function formatCount(value: number): string {
  return integer.format(value);
}

/** A share of 1 as 98.6 %, without a space as Chinese sets it; — where nothing was counted. */
export function formatShare(share: number | null): string {
  return share === null ? NO_VALUE : `${(share * 100).toFixed(1)}%`;
}

/** The live feed holds no more standing alerts than these; where it is full there may be more. */
const MOST_ALERTS = 200;

/** A count among the standing alerts that the live feed holds: 199, or 199+ where the feed is full. */
export function formatHeld(count: number, held: number): string {
  return held >= MOST_ALERTS ? `${formatCount(count)}+` : formatCount(count);
}
