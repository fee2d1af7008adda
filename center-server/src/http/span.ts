import { instantOf } from './params.ts';
import { wrong } from './place.ts';

const HOUR_MS = 3_600_000;

/**
 * A span of an address: instants, or ms since the epoch; without them, the last hour.
 * @param longest ms
 * @throws ProblemError naming the field
 */
export function spanOf(
  query: { from?: string | undefined; to?: string | undefined },
  now: number,
  longest: number,
): { from: number; to: number } {
  const to = instantOf('to', query.to) ?? Math.trunc(now);
  const from = instantOf('from', query.from) ?? to - HOUR_MS;
  if (to <= from) throw wrong('to', 'expected an instant after `from`');
  if (to - from > longest) throw wrong('to', `expected at most ${longest / HOUR_MS} hours after \`from\``);
  return { from, to };
}
