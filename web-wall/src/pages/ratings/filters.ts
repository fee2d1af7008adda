import { periodOf } from '../../app/period.ts';
import type { Period } from '../../app/period.ts';

export interface RatingFilters extends Period {
  /** From 1, the worst, to 5. */
  level: string[];
}

export const LEVELS = ['5', '4', '3', '2', '1'] as const;

/** The filters of the list of ratings as an address holds them; what it cannot mean is passed over. */
export function filtersOf(list: (key: string) => string[]): RatingFilters {
  const words = list('level');
  return {
    level: LEVELS.filter((level) => words.includes(level)),
    ...periodOf((key) => list(key)[0] ?? ''),
  };
}
