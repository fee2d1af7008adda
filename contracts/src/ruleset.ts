import { z } from 'zod';
import { regionCodeSchema } from './region.ts';
import { rungSchema } from './alerts.ts';

/** When a rung is reached: at a share of the budget, or when the budget is exceeded. */
const rungPointSchema = z.union([
  z.strictObject({ used: z.number().gt(0).max(1) }),
  z.strictObject({ exceeded: z.literal(true) }),
]);

/** 发牌阶梯. The mildest rung first; a ladder need not have all three. */
export const ladderSchema = z.strictObject({
  id: z.string().min(1).max(64),
  name: z.string().min(1).max(200),
  rungs: z
    .array(z.strictObject({ rung: rungSchema, at: rungPointSchema }))
    .min(1)
    .max(3),
});
export type Ladder = z.infer<typeof ladderSchema>;

/** Everything the rules engine is told besides what was observed. Versioned; a card keeps its version. */
export const rulesetSchema = z.strictObject({
  version: z.int().positive(),
  ladders: z.array(ladderSchema).min(1),
  /** Which ladder applies where: the longest matching region wins, a matter's own before a region's. */
  assignments: z.array(
    z.strictObject({
      region: regionCodeSchema.optional(),
      matter: z.string().optional(),
      ladder: z.string(),
    }),
  ),
  /** Parameters of each rule by its id; a rule checks its own. */
  rules: z.record(
    z.string(),
    z.strictObject({ enabled: z.boolean(), parameters: z.record(z.string(), z.unknown()) }),
  ),
});
export type Ruleset = z.infer<typeof rulesetSchema>;
