import {
  alertSchema,
  budgetSchema,
  calendarNameSchema,
  clockLevelSchema,
  caseStatusSchema,
  rungSchema,
  sentenceSchema,
  type CaseClocks,
  type CaseDetail,
  type CasePage,
  type CaseSummary,
  type ClockProjection,
} from '@mingjing/contracts';
import { z } from 'zod';
import { millis } from './schemas.ts';

const text = z.string().nullable();
const moment = millis.nullable();

const projectionSchema = z.object({
  clockId: z.string(),
  level: clockLevelSchema,
  label: text,
  budget: budgetSchema,
  zone: z.string(),
  calendar: calendarNameSchema,
  startedAt: millis,
  endedAt: moment,
  dueDate: text,
  dueAt: moment,
  suspended: z.boolean(),
  provisional: z.boolean(),
  total: z.number().nullable(),
  used: z.number().nullable(),
  overdue: z.boolean(),
}) satisfies z.ZodType<ClockProjection>;

const caseSummarySchema = z.object({
  caseId: z.string(),
  caseNo: z.string(),
  region: z.string(),
  regionName: z.string(),
  department: text,
  departmentEn: text,
  matter: text,
  matterName: text,
  matterNameEn: text,
  title: text,
  status: caseStatusSchema,
  stage: text,
  officer: text,
  hall: text,
  counter: text,
  submittedAt: moment,
  acceptedAt: moment,
  endedAt: moment,
  dueAt: moment,
  dueDate: text,
  provisional: z.boolean(),
  overdue: z.boolean(),
  clock: projectionSchema.nullable(),
  card: rungSchema.nullable(),
  updatedAt: millis,
}) satisfies z.ZodType<CaseSummary>;

export const casePageSchema = z.object({
  cases: z.array(caseSummarySchema),
  next: text,
  total: z.int(),
}) satisfies z.ZodType<CasePage>;

const clockDaySchema = z.object({
  date: z.string(),
  mark: z.enum(['start', 'counted', 'make-up', 'weekend', 'holiday', 'suspended', 'before-hours']),
  number: z.number().nullable(),
  name: text,
  late: z.boolean(),
});

const clockSchema = z.object({
  ...projectionSchema.shape,
  days: z.array(clockDaySchema),
  rungs: z.array(z.object({ rung: rungSchema, at: moment })),
  ladder: z.string(),
  ladderEn: z.string().optional(),
  asOf: millis,
});

export const caseClocksSchema = z.object({
  caseId: z.string(),
  caseNo: z.string(),
  clock: clockSchema.nullable(),
  otherClocks: z.array(clockSchema),
}) satisfies z.ZodType<CaseClocks>;

const cardSchema = z.object({
  clockId: z.string(),
  rung: rungSchema,
  at: millis,
  issuedAt: millis,
  rulesetVersion: z.int(),
  rescindedAt: moment,
  rescindedReason: sentenceSchema.nullable(),
  reason: sentenceSchema,
  explanation: z
    .object({
      rule: z.string(),
      ruleVersion: z.int(),
      ladder: z.string(),
      ladderEn: z.string().optional(),
      calendarVersion: z.int(),
      values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
      clock: projectionSchema,
      days: z.array(clockDaySchema),
    })
    .nullable(),
});

const caseEventSchema = z.object({
  seq: z.int(),
  id: z.string(),
  source: z.string(),
  kind: z.string(),
  observedAt: millis,
  receivedAt: millis,
  data: z.record(z.string(), z.unknown()),
  late: z.boolean(),
  officer: z.string().nullable(),
  voided: z.boolean(),
});

const named = z.object({ id: z.string(), name: z.string() });

export const caseDetailSchema = z.object({
  ...caseSummarySchema.shape,
  applicant: text,
  channel: text,
  legalLimit: budgetSchema.nullable(),
  promisedLimit: budgetSchema.nullable(),
  legalBasis: text,
  outcome: text,
  path: z.array(z.string()),
  stages: z.array(z.object({ stage: z.string(), startedAt: moment, completedAt: moment, officer: text })),
  suspensions: z.array(
    z.object({
      from: millis,
      to: moment,
      procedure: z.string(),
      approver: text,
      reason: text,
      limit: budgetSchema.nullable(),
    }),
  ),
  clock: clockSchema.nullable(),
  otherClocks: z.array(clockSchema),
  cards: z.array(cardSchema),
  alerts: z.array(alertSchema),
  events: z.array(caseEventSchema),
  cameras: z.array(named),
  screens: z.array(named),
}) satisfies z.ZodType<CaseDetail>;
