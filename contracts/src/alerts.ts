import { z } from 'zod';
import { nameSchema, textSchema } from './text.ts';
import { instantSchema } from './time.ts';

/** 发牌: the rungs of a ladder, mildest first. */
export const rungSchema = z.enum(['notice', 'yellow', 'red']);
export type Rung = z.infer<typeof rungSchema>;

/** 告警类别: a card by rung, an integrity risk, a silent collector or a camera without a picture, a rule that threw, a bad rating. */
export const alertKindSchema = z.enum(['notice', 'yellow', 'red', 'risk', 'silent', 'rule-failed', 'rating']);
export type AlertKind = z.infer<typeof alertKindSchema>;

export const alertStateSchema = z.enum([
  'open',
  'acknowledged',
  'ordered',
  'answered',
  'closed',
  'rescinded',
]);
export type AlertState = z.infer<typeof alertStateSchema>;

/** A sentence in both languages of the interface, as it was told when the alert was raised. */
export const sentenceSchema = z.object({ zh: z.string(), en: z.string() });
export type Sentence = z.infer<typeof sentenceSchema>;

const silenceMarkSchema = z.object({
  id: z.int(),
  until: z.number(),
  /** The author's name. */
  by: z.string(),
  reason: z.string(),
});

/** An alert as lists and the wall show it. Times are ms since the epoch. */
export const alertSchema = z.object({
  id: z.int(),
  kind: alertKindSchema,
  state: alertStateSchema,
  rule: z.string(),
  ruleVersion: z.int(),
  region: z.string(),
  regionName: z.string(),
  department: z.string().nullable(),
  departmentEn: z.string().nullable(),
  matter: z.string().nullable(),
  matterEn: z.string().nullable(),
  caseId: z.string().nullable(),
  caseNo: z.string().nullable(),
  sourceId: z.string().nullable(),
  hall: z.string().nullable(),
  counter: z.string().nullable(),
  /** The camera that it is about, and how that is called. */
  camera: z.string().nullable().optional(),
  cameraName: z.string().nullable().optional(),
  officer: z.string().nullable(),
  title: sentenceSchema,
  /** Why, in one sentence. */
  reason: sentenceSchema,
  /** When what it tells of became true. */
  at: z.number(),
  /** When the centre raised it. */
  raisedAt: z.number(),
  /** When it last changed state. */
  changedAt: z.number(),
  /** The department's id; `department` is its name. */
  departmentId: z.string().nullable().optional(),
  /** 静音: the silence under which it is not told and makes no sound; of several the one that lasts longest. */
  silence: silenceMarkSchema.nullable().optional(),
  /** 抑制: the standing alert that speaks for it, so that it is not told by itself. */
  inhibitedBy: z.object({ id: z.int(), title: sentenceSchema }).nullable().optional(),
  /** 升级: how many tiers above its own it has been told; null while nobody has been told of it. */
  level: z.int().nullable().optional(),
  /** Acknowledged: until when it is in hand; then it opens again and escalates. */
  acknowledgedUntil: z.number().nullable().optional(),
});
export type Alert = z.infer<typeof alertSchema>;

/** One line of an alert's history: who did what, when. `user` is null where the centre itself acted. */
export const alertHistorySchema = z.object({
  at: z.number(),
  user: z.string().nullable(),
  action: z.enum([
    'raised',
    'acknowledged',
    'unacknowledged',
    'ordered',
    'answered',
    'closed',
    'rescinded',
    'noted',
    'told',
    'escalated',
    're-armed',
    'reopened',
    'silenced',
    'unsilenced',
    'inhibited',
    'uninhibited',
  ]),
  note: z.string().nullable(),
  /** Of 'acknowledged': until when it is in hand. */
  until: z.number().nullable().optional(),
});
export type AlertHistory = z.infer<typeof alertHistorySchema>;

export const alertActionSchema = z.strictObject({
  action: z.enum(['acknowledge', 'unacknowledge', 'close', 'note']),
  note: textSchema.optional(),
  /** Of 'acknowledge': working hours it may take; without it, as the routing policy says. */
  hours: z.number().positive().max(2000).optional(),
});
export type AlertAction = z.infer<typeof alertActionSchema>;

/** Filters of the alert list; every one is optional. */
export const alertQuerySchema = z.strictObject({
  region: z.string().optional(),
  kind: z.array(alertKindSchema).optional(),
  state: z.array(alertStateSchema).optional(),
  department: nameSchema.optional(),
  text: z.string().max(200).optional(),
  /** Only alerts that were raised from `since` on and before `until`. */
  since: instantSchema.optional(),
  until: instantSchema.optional(),
  before: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type AlertQuery = z.infer<typeof alertQuerySchema>;

export interface AlertPage {
  alerts: Alert[];
  /** Pass as `before` to get the next page; null at the end. */
  next: number | null;
  total: number;
}
