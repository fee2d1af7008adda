/** The least growth over a run that is called growth at all, as a share of the middle value. */
const LEAST_SHARE = 0.05;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new RangeError('a median needs values');
  return middle;
}

/** How one figure went over a run. */
export interface Course {
  first: number;
  last: number;
  middle: number;
  /** By how much it grew over the run, by the median of all slopes (Theil and Sen). */
  grown: number;
  /** The median distance from the line: what a sample means by itself. */
  noise: number;
  flat: boolean;
}

/**
 * Whether a figure stays where it is. Flat: what it grew by is within three times its own noise, or within 5 % of it.
 * @param points at ms and value, in order; at least three
 * @param tolerance growth that is nothing by itself, in the figure's own unit
 */
export function courseOf(points: readonly { at: number; value: number }[], tolerance: number): Course {
  const slopes = points.flatMap((one, index) =>
    points.slice(index + 1).map((other) => (other.value - one.value) / (other.at - one.at)),
  );
  const slope = median(slopes);
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) throw new RangeError('a course needs points');
  const base = median(points.map(({ at, value }) => value - slope * at));
  const noise = median(points.map(({ at, value }) => Math.abs(value - base - slope * at)));
  const middle = median(points.map(({ value }) => value));
  const grown = slope * (last.at - first.at);
  const flat = grown <= Math.max(3 * noise, LEAST_SHARE * middle, tolerance);
  return { first: first.value, last: last.value, middle, grown, noise, flat };
}
