import { z } from 'zod';

/** The error vocabulary. Each kind maps to one HTTP status, in one place (center-server/src/http/problems.ts). */
export const problemKindSchema = z.enum([
  'invalid',
  'unauthenticated',
  'forbidden',
  'not-found',
  'conflict',
  'too-large',
  'unsupported-media-type',
  'busy',
  'unavailable',
  'internal',
]);
export type ProblemKind = z.infer<typeof problemKindSchema>;

/** RFC 9457 problem details. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  /** Which field was wrong, and what was expected. */
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problemSchema>;
