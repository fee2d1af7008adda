import { z } from 'zod';
import { regionCodeSchema } from './region.ts';
import { rungSchema } from './alerts.ts';
import { clockLevelSchema } from './clocks.ts';
import { routingPolicySchema } from './routing.ts';
import { budgetSchema, localDateSchema } from './time.ts';

/** When a rung is reached: at a share of the budget, or when the budget is exceeded. */
const rungPointSchema = z.union([
  z.strictObject({ used: z.number().gt(0).max(1) }),
  z.strictObject({ exceeded: z.literal(true) }),
]);

/** 发牌阶梯. The mildest rung first; a ladder need not have all three. */
export const ladderSchema = z.strictObject({
  id: z.string().min(1).max(64),
  name: z.string().min(1).max(200),
  nameEn: z.string().min(1).max(200).optional(),
  rungs: z
    .array(z.strictObject({ rung: rungSchema, at: rungPointSchema }))
    .min(1)
    .max(3),
});
export type Ladder = z.infer<typeof ladderSchema>;

/**
 * Which ladder applies where. A matter's own assignment goes before a region's, the longest region first (a
 * county's before the city's); of equal ones the latest that was in effect when the clock started: a clock
 * keeps the ladder under which it began.
 */
export const assignmentSchema = z.strictObject({
  region: regionCodeSchema.optional(),
  matter: z.string().optional(),
  /** What kind of clock; without it, the clocks of cases. */
  level: clockLevelSchema.optional(),
  ladder: z.string(),
  /** For clocks that start on this local date or later; without it, for all. */
  from: localDateSchema.optional(),
});
export type LadderAssignment = z.infer<typeof assignmentSchema>;

const parametersSchema = z.record(z.string(), z.unknown());

/** Whether a rule runs and with which parameters, and where that is otherwise. */
export const ruleSettingsSchema = z.strictObject({
  enabled: z.boolean(),
  parameters: parametersSchema,
  /** For a region and all below; the longest one wins, and what it does not say is inherited. */
  regions: z
    .array(
      z.strictObject({
        region: regionCodeSchema,
        enabled: z.boolean().optional(),
        parameters: parametersSchema.optional(),
      }),
    )
    .optional(),
});
export type RuleSettings = z.infer<typeof ruleSettingsSchema>;

/** Everything the rules engine is told besides what was observed. Versioned; a card keeps its version. */
export const rulesetSchema = z.strictObject({
  version: z.int().positive(),
  ladders: z.array(ladderSchema).min(1),
  assignments: z.array(assignmentSchema),
  /** How long an order, a complaint and an appeal may take where nobody says otherwise. */
  limits: z
    .strictObject({
      order: budgetSchema.optional(),
      complaint: budgetSchema.optional(),
      appeal: budgetSchema.optional(),
    })
    .optional(),
  /** Settings of each rule by its id; a rule checks its own parameters, and one not named is off. */
  rules: z.record(z.string(), ruleSettingsSchema),
  /** Who is told of alerts, and when it goes up; without it, as the program ships it. */
  routing: routingPolicySchema.optional(),
});
export type Ruleset = z.infer<typeof rulesetSchema>;
