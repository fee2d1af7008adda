import {
  calendarBookSchema,
  rulesetSchema,
  sentenceSchema,
  type CalendarAnswer,
  type CalendarYear,
  type PublishedRuleset,
  type Rejudging,
  type RuleInfo,
  type RulesetVersion,
} from '@mingjing/contracts';
import { z } from 'zod';
import { millis } from './schemas.ts';

export const ruleInfoSchema = z.object({
  id: z.string(),
  version: z.int(),
  subject: z.enum(['case', 'source', 'group', 'camera']),
  name: sentenceSchema,
  basis: sentenceSchema,
  parameters: z.record(
    z.string(),
    z.object({
      ...{ meaning: sentenceSchema, unit: z.string() },
      ...{ default: z.number(), minimum: z.number(), maximum: z.number() },
    }),
  ),
}) satisfies z.ZodType<RuleInfo>;

const version = { version: z.int(), createdAt: millis, createdBy: z.string(), note: z.string() };

export const rulesetVersionSchema = z.object({
  ...version,
  effectiveFrom: millis,
  inForce: z.boolean(),
}) satisfies z.ZodType<RulesetVersion>;

export const publishedRulesetSchema = rulesetVersionSchema.extend({
  body: rulesetSchema,
}) satisfies z.ZodType<PublishedRuleset>;

export const calendarAnswerSchema = z.object({
  book: calendarBookSchema,
  versions: z.array(z.object(version)),
}) satisfies z.ZodType<CalendarAnswer>;

export const calendarYearSchema = z.object({
  ...{ year: z.int(), region: z.string(), version: z.int(), announced: z.boolean(), workingDays: z.int() },
  days: z.array(
    z.object({
      date: z.iso.date(),
      working: z.boolean(),
      name: z.string().nullable(),
      origin: z.enum(['ordinary', 'national', 'entered']),
      region: z.string().nullable(),
    }),
  ),
}) satisfies z.ZodType<CalendarYear>;

export const checkedSchema = z.object({ ok: z.literal(true) });

export const rejudgingSchema = z.object({ waiting: z.int() }) satisfies z.ZodType<Rejudging>;
