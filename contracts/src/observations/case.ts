import { z } from 'zod';
import { regionCodeSchema } from '../region.ts';
import { budgetSchema, instantSchema, limitSchema } from '../time.ts';
import { identifierSchema, nameSchema, textSchema } from '../text.ts';

/** Where something was done, and by whom. */
const whereAndWho = {
  region: regionCodeSchema,
  department: nameSchema.optional(),
  hall: nameSchema.optional(),
  counter: nameSchema.optional(),
  officer: nameSchema.optional(),
  note: textSchema.optional(),
};

/** What every event of a case says: which case, where, and by whom. */
const caseBase = {
  ...whereAndWho,
  /** 办件编号, unique within the county (or city, for the city's own departments). */
  caseNo: identifierSchema,
};

/** What may be said of a case when it comes in; all of it may also come later, or be corrected. */
const caseFacts = {
  matter: nameSchema.optional(),
  title: textSchema.optional(),
  applicant: nameSchema.optional(),
  channel: z.enum(['counter', 'online', 'post', 'other']).optional(),
  /** Overrides the matter's promised limit, when the source system knows better. */
  limit: limitSchema.optional(),
};

/** 特别程序: why a clock stands still. Article 45 of the Administrative Licensing Law. */
export const procedureSchema = z.enum([
  'hearing',
  'test',
  'appraisal',
  'expert-review',
  'correction',
  'other',
]);
export type Procedure = z.infer<typeof procedureSchema>;

export const outcomeSchema = z.enum(['granted', 'refused', 'filed', 'penalised', 'closed']);

export const caseEventSchemas = {
  'case.submitted': z.object({ ...caseBase, ...caseFacts }),
  'case.accepted': z.object({ ...caseBase, ...caseFacts }),
  'case.stage.started': z.object({ ...caseBase, stage: nameSchema }),
  'case.stage.completed': z.object({ ...caseBase, stage: nameSchema }),
  'case.suspended': z.object({
    ...caseBase,
    procedure: procedureSchema,
    approver: nameSchema.optional(),
    reason: textSchema.optional(),
    /** How long the procedure may take. */
    limit: budgetSchema.optional(),
  }),
  'case.resumed': z.object({ ...caseBase }),
  'case.extended': z.object({
    ...caseBase,
    by: budgetSchema,
    approver: nameSchema.optional(),
    reason: textSchema.optional(),
  }),
  'case.decided': z.object({ ...caseBase, outcome: outcomeSchema.optional(), reason: textSchema.optional() }),
  'case.delivered': z.object({ ...caseBase }),
  'case.withdrawn': z.object({ ...caseBase, reason: textSchema.optional() }),
  /**
   * 更正: takes back an earlier event of the same source, by its CloudEvents id, and may put its
   * true time in its place. The earlier event stays in the store; the fold passes it over.
   */
  'case.corrected': z.object({
    ...caseBase,
    corrects: identifierSchema,
    time: instantSchema.optional(),
    reason: textSchema.optional(),
  }),
  /** 扫码: the applicant stood at a counter with the case's barcode. */
  'barcode.scanned': z.object({ ...caseBase }),
  /** 督办: a supervisor orders that a case be dealt with by then; the order's clock runs until it is answered. */
  'order.issued': z.object({
    ...caseBase,
    order: identifierSchema,
    limit: limitSchema.optional(),
    text: textSchema.optional(),
  }),
  'order.answered': z.object({ ...caseBase, order: identifierSchema, text: textSchema.optional() }),
  /** 申诉: a department contests a card of the case. */
  'appeal.filed': z.object({
    ...caseBase,
    appeal: identifierSchema,
    limit: limitSchema.optional(),
    text: textSchema.optional(),
  }),
  'appeal.decided': z.object({ ...caseBase, appeal: identifierSchema, text: textSchema.optional() }),
  /**
   * 投诉. About a case where it names one; else it is a case of its own under its own number. With neither it
   * is kept, and no clock runs.
   */
  'complaint.filed': z.object({
    ...whereAndWho,
    caseNo: identifierSchema.optional(),
    complaint: identifierSchema.optional(),
    limit: limitSchema.optional(),
    text: textSchema,
  }),
  'complaint.answered': z.object({
    ...whereAndWho,
    caseNo: identifierSchema.optional(),
    complaint: identifierSchema,
    text: textSchema.optional(),
  }),
};
export type CaseEventKind = keyof typeof caseEventSchemas;
export type CaseEventData = {
  [K in CaseEventKind]: z.infer<(typeof caseEventSchemas)[K]>;
};

/**
 * The key of a case in the whole centre: numbers are unique only within a county,
 * so the county's six digits go in front.
 */
export function caseIdOf(data: { region: string; caseNo: string }): string {
  return `${data.region.slice(0, 6)}:${data.caseNo}`;
}

/**
 * The case an event of a case's kind belongs to; null for a complaint that names neither case nor number.
 * @param data checked against the schema of its kind
 */
export function caseOfEvent(data: {
  region: string;
  caseNo?: string | undefined;
  complaint?: string | undefined;
}): { caseId: string; caseNo: string } | null {
  const caseNo = data.caseNo ?? data.complaint;
  return caseNo === undefined ? null : { caseId: caseIdOf({ region: data.region, caseNo }), caseNo };
}
