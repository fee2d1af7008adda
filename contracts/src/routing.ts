import { z } from 'zod';
import { alertKindSchema, sentenceSchema } from './alerts.ts';
import { regionCodeSchema } from './region.ts';
import { roleSchema } from './users.ts';

const workingHours = z.number().positive().max(2000);

/** How alerts of one kind go their way. */
export const kindRoutingSchema = z.strictObject({
  /** Who is told at the alert's own tier; nobody: it is listed and not told. */
  tell: z.array(roleSchema),
  /** Who is told at each tier above when it escalates. */
  escalateTo: z.array(roleSchema),
  /** Working hours in which somebody must acknowledge before it goes one tier up; null: it never does. */
  acknowledgeHours: workingHours.nullable(),
  /** Working hours an acknowledged alert may take before it opens again and goes one tier up. */
  handleHours: workingHours,
  /** Seconds that a new alert waits for others of its group, to be told as one. One that ends meanwhile is not told. */
  groupSeconds: z.number().min(0).max(86_400),
});
export type KindRouting = z.infer<typeof kindRoutingSchema>;

const kindsSchema = z.partialRecord(alertKindSchema, kindRoutingSchema);

/** 告知与升级: who is told of which alert, and when it goes up. Part of the ruleset, versioned with it. */
export const routingPolicySchema = z.strictObject({
  /** By kind; of a kind that is not named, nobody is told. */
  kinds: kindsSchema,
  /** A rescinded card, or a silence that was over, which returns within so many minutes opens again and is not told anew. */
  reopenMinutes: z.number().min(0).max(10_080),
  /** Where a kind goes another way in a region and all below; the longest region wins. */
  regions: z.array(z.strictObject({ region: regionCodeSchema, kinds: kindsSchema })).optional(),
});
export type RoutingPolicy = z.infer<typeof routingPolicySchema>;

/** The stages of the routing decision, in their order. */
export const routingStageSchema = z.enum(['hold', 'group', 'inhibit', 'silence', 'route', 'escalate']);
export type RoutingStage = z.infer<typeof routingStageSchema>;

/** Why a stage decided as it did: a name for machines and a sentence for people. */
export const routingReasonSchema = z.object({ name: z.string(), zh: z.string(), en: z.string() });
export type RoutingReason = z.infer<typeof routingReasonSchema>;

/** Somebody who is told. The name is null where the reader may not see who works in that region. */
export const addresseeSchema = z.object({
  user: z.string().nullable(),
  role: roleSchema,
  region: regionCodeSchema,
  regionName: z.string(),
  regionNameEn: z.string(),
});
export type Addressee = z.infer<typeof addresseeSchema>;

/** One time at which people are told of an alert, or would be. */
export const tellingSchema = z.object({
  at: z.number(),
  /** Tiers above the alert's own. */
  level: z.int(),
  /** 1 at first; one more with each time that it opens again unhandled. */
  round: z.int(),
  /** What they were told, for the whole group; null for what is yet to come. */
  title: sentenceSchema.nullable(),
  reason: routingReasonSchema,
  who: z.array(addresseeSchema),
});
export type Telling = z.infer<typeof tellingSchema>;

/** GET /api/alerts/:id/routing: who was told, and who would be from then on if nobody acts. */
export const alertRoutingSchema = z.object({
  /** The instant asked for, ms since the epoch. */
  asOf: z.number(),
  rulesetVersion: z.int(),
  /** What is decided at that instant. `until`: when it is looked at again; null when nothing is to come. */
  decision: z.object({
    stage: routingStageSchema,
    reason: routingReasonSchema,
    until: z.number().nullable(),
  }),
  /** Up to that instant, oldest first. */
  told: z.array(tellingSchema),
  /** After it, if nobody acts. */
  next: z.array(tellingSchema),
});
export type AlertRouting = z.infer<typeof alertRoutingSchema>;

/** GET /api/alerts/:id/routing?at= — ms since the epoch, or a time with an offset; without it, now. */
export const routingQuerySchema = z.strictObject({ at: z.string().max(40).optional() });
