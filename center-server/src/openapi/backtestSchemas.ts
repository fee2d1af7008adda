import { rungSchema, sentenceSchema, type BacktestRun } from '@mingjing/contracts';
import { z } from 'zod';

const differenceSchema = z.object({
  caseId: z.string(),
  caseNo: z.string(),
  region: z.string(),
  rule: z.string(),
  rung: rungSchema.nullable(),
  kind: z.string(),
  at: z.number(),
  title: sentenceSchema,
  reason: sentenceSchema,
});

const countSchema = z.object({
  name: z.string(),
  issued: z.int(),
  would: z.int(),
  more: z.int(),
  fewer: z.int(),
});

/** A backtest as the API tells of it. */
export const backtestRunSchema: z.ZodType<BacktestRun> = z.object({
  id: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'cancelled', 'failed']),
  startedBy: z.string(),
  startedAt: z.number(),
  progress: z.object({ events: z.number(), total: z.number() }),
  result: z
    .object({
      from: z.number(),
      to: z.number(),
      events: z.int(),
      cases: z.int(),
      tookMs: z.number(),
      counts: z.array(countSchema),
      more: z.array(differenceSchema),
      fewer: z.array(differenceSchema),
    })
    .nullable(),
  error: z.string().nullable(),
});
