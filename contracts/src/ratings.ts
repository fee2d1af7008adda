import { z } from 'zod';
import { instantSchema } from './time.ts';

/** Filters of the list of ratings; every one is optional. */
export const ratingQuerySchema = z.strictObject({
  region: z.string().optional(),
  /** 1 (worst) to 5. */
  level: z.array(z.coerce.number().int().min(1).max(5)).optional(),
  /** Only those given from `since` on and before `until`. */
  since: instantSchema.optional(),
  until: instantSchema.optional(),
  before: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type RatingQuery = z.infer<typeof ratingQuerySchema>;

/** 评价 (好差评) as lists show it. Times are ms since the epoch. */
export interface Rating {
  id: number;
  at: number;
  region: string;
  regionName: string;
  /** Null where it was given to no case, or to one that the centre does not know. */
  caseId: string | null;
  caseNo: string | null;
  department: string | null;
  departmentEn: string | null;
  counter: string | null;
  officer: string | null;
  level: number;
  comment: string | null;
}

export interface RatingPage {
  ratings: Rating[];
  /** Pass as `before` to get the next page; null at the end. */
  next: number | null;
  total: number;
}
