import { z } from 'zod';
import { alertKindSchema } from './alerts.ts';
import { regionCodeSchema } from './region.ts';
import { identifierSchema, isStorableText, nameSchema } from './text.ts';

/** A silence lasts at most so long; whoever needs more has to say so again. */
export const LONGEST_SILENCE_MS = 30 * 24 * 3_600_000;

/** Which alerts a silence covers: those for which everything that is named holds. */
const matchers = {
  /** The region and everything below it. */
  region: regionCodeSchema,
  /** A department's id. */
  department: identifierSchema.optional(),
  rule: z.string().min(1).max(64).optional(),
  kind: alertKindSchema.optional(),
  caseId: identifierSchema.optional(),
};

/** POST /api/silences */
export const newSilenceSchema = z.strictObject({
  ...matchers,
  reason: z
    .string()
    .trim()
    .min(1, 'expected a reason')
    .max(1000)
    .refine(isStorableText, 'holds a NUL or half a surrogate pair, which no store can give back unchanged'),
  /** When it ends by itself, ms since the epoch: in the future, and at most 30 days ahead. */
  expiresAt: z.int().positive(),
});
export type NewSilence = z.infer<typeof newSilenceSchema>;

/** 静音: for how long whoever is told otherwise is not told of some alerts, who said so, and why. */
export const silenceSchema = z.object({
  id: z.int(),
  region: regionCodeSchema,
  regionName: z.string(),
  department: z.string().nullable(),
  departmentName: z.string().nullable(),
  rule: z.string().nullable(),
  kind: alertKindSchema.nullable(),
  caseId: z.string().nullable(),
  reason: z.string(),
  /** The author's name. */
  author: nameSchema,
  createdAt: z.number(),
  expiresAt: z.number(),
  /** When it was over, by itself or ended by somebody; null while it holds. */
  endedAt: z.number().nullable(),
  /** Who ended it before its time. */
  endedBy: z.string().nullable(),
  /** How many standing alerts it covers now. */
  alerts: z.int(),
});
export type Silence = z.infer<typeof silenceSchema>;

/** GET /api/silences */
export const silenceQuerySchema = z.strictObject({
  region: regionCodeSchema.optional(),
  /** Those that are over as well, newest first; without it, those that hold. */
  ended: z.enum(['true', 'false']).optional(),
});
