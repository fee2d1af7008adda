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

/** A count of a list that holds no more than `most`: 200+ where it is full. */
export function formatCapped(count: number, most: number): string {
  return count >= most ? `${formatCount(most)}+` : formatCount(count);
}
