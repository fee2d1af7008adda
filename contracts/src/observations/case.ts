import { z } from 'zod';
import { regionCodeSchema } from '../region.ts';
import { budgetSchema, instantSchema, limitSchema } from '../time.ts';
import { identifierSchema, nameSchema, textSchema } from '../text.ts';

/** What every event of a case says: which case, where, and by whom. */
const caseBase = {
  region: regionCodeSchema,
  /** 办件编号, unique within the county (or city, for the city's own departments). */
  caseNo: identifierSchema,
  department: nameSchema.optional(),
  hall: nameSchema.optional(),
  counter: nameSchema.optional(),
  officer: nameSchema.optional(),
  note: textSchema.optional(),
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
