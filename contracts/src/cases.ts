import { z } from 'zod';
import type { Alert } from './alerts.ts';
import { instantSchema, type Budget } from './time.ts';
import type { Card, CardExplanation, ClockDay, ClockProjection, RungProjection } from './clocks.ts';

export const caseStatusSchema = z.enum([
  'submitted',
  'accepted',
  'suspended',
  'decided',
  'delivered',
  'withdrawn',
]);
export type CaseStatus = z.infer<typeof caseStatusSchema>;

export const caseQuerySchema = z.strictObject({
  region: z.string().optional(),
  status: z.array(caseStatusSchema).optional(),
  open: z.enum(['true', 'false']).optional(),
  overdue: z.enum(['true', 'false']).optional(),
  department: z.string().max(200).optional(),
  matter: z.string().max(200).optional(),
  text: z.string().max(200).optional(),
  /** Only cases that were accepted, or ended, from `since` on and before `until`; accepted unless it says otherwise. */
  moment: z.enum(['accepted', 'ended']).optional(),
  since: instantSchema.optional(),
  until: instantSchema.optional(),
  after: z.string().max(600).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type CaseQuery = z.infer<typeof caseQuerySchema>;

/** A case as lists show it. Times are ms since the epoch. */
export interface CaseSummary {
  caseId: string;
  caseNo: string;
  region: string;
  regionName: string;
  department: string | null;
  departmentEn: string | null;
  matter: string | null;
  matterName: string | null;
  matterNameEn: string | null;
  title: string | null;
  status: CaseStatus;
  stage: string | null;
  officer: string | null;
  hall: string | null;
  counter: string | null;
  submittedAt: number | null;
  acceptedAt: number | null;
  endedAt: number | null;
  dueAt: number | null;
  dueDate: string | null;
  provisional: boolean;
  overdue: boolean;
  /** Its clock as it stands now, at its end for a case that has ended; null where none runs. */
  clock: ClockProjection | null;
  /** The highest card that stands. */
  card: 'notice' | 'yellow' | 'red' | null;
  updatedAt: number;
}

export interface CasePage {
  cases: CaseSummary[];
  next: string | null;
  total: number;
}

/** An event in a case's history as it is shown, also those that a correction took back. */
export interface CaseHistoryEvent {
  seq: number;
  id: string;
  source: string;
  kind: string;
  observedAt: number;
  receivedAt: number;
  data: Record<string, unknown>;
  /** Who did it: the officer's name where the centre knows one. */
  officer: string | null;
  /** Received more than an hour after it was observed. */
  late: boolean;
  /** Taken back by a later correction. */
  voided: boolean;
}

export interface StageSpan {
  stage: string;
  startedAt: number | null;
  completedAt: number | null;
  officer: string | null;
}

export interface SuspensionSpan {
  from: number;
  to: number | null;
  procedure: string;
  approver: string | null;
  reason: string | null;
  /** How long the procedure may take, where somebody said so. */
  limit: Budget | null;
}

/** A clock with its arithmetic and the ladder it runs on, as pages show it. */
export type ClockDetail = ClockProjection & {
  days: ClockDay[];
  rungs: RungProjection[];
  ladder: string;
  /** The ladder's English name, where it has one. */
  ladderEn?: string | undefined;
  asOf: number;
};

/** GET /api/report/clock: the clocks of one case with their arithmetic; `clock` is the case's own. */
export interface CaseClocks {
  caseId: string;
  caseNo: string;
  clock: ClockDetail | null;
  otherClocks: ClockDetail[];
}

/** A card with everything it rests on; null for one that was issued before explanations were kept. */
export type ExplainedCard = Card & { explanation: CardExplanation | null };

/** Everything the case page shows. */
export interface CaseDetail extends CaseSummary {
  applicant: string | null;
  channel: string | null;
  /** 法定时限 and 承诺时限 of the matter. */
  legalLimit: Budget | null;
  promisedLimit: Budget | null;
  legalBasis: string | null;
  outcome: string | null;
  /** The lawful path of the matter, as far as the centre knows it. */
  path: string[];
  stages: StageSpan[];
  suspensions: SuspensionSpan[];
  clock: ClockDetail | null;
  /** Those of its stages, delivery, orders, complaints and appeals. */
  otherClocks: ClockDetail[];
  cards: ExplainedCard[];
  alerts: Alert[];
  events: CaseHistoryEvent[];
  /** Cameras and screens at the case's counter. */
  cameras: { id: string; name: string }[];
  screens: { id: string; name: string }[];
}
