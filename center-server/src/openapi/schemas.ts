/**
 * The answers of the API as schemas, for its description. Each is held to its type in contracts by the
 * compiler.
 */
import {
  alertHistorySchema,
  alertSchema,
  regionSchema,
  userSchema,
  type AlertPage,
  type AuditPage,
  type CreatedSource,
  type DeadLetterPage,
  type MediaTicket,
  type OverdueReport,
  type RatingPage,
  type Session,
} from '@mingjing/contracts';
import { z } from 'zod';

/** Milliseconds since 1970-01-01T00:00Z. */
export const millis = z.number().describe('ms since 1970-01-01T00:00Z');

export const sessionSchema = z.object({
  user: userSchema,
  region: regionSchema,
  wall: z.string().optional(),
  expiresAt: millis,
}) as z.ZodType<Session>;

export const alertPageSchema = z.object({
  alerts: z.array(alertSchema),
  next: z.int().nullable(),
  total: z.int(),
}) satisfies z.ZodType<AlertPage>;

export const alertWithHistorySchema = z.object({ alert: alertSchema, history: z.array(alertHistorySchema) });

export const mediaTicketSchema = z.object({
  url: z.string(),
  ticket: z.string(),
  expiresAt: millis,
}) satisfies z.ZodType<MediaTicket>;

export const createdSourceSchema = z.object({
  id: z.string(),
  token: z.string(),
}) satisfies z.ZodType<CreatedSource>;

export const deadLetterPageSchema = z.object({
  letters: z.array(
    z.object({
      id: z.int(),
      sourceId: z.string(),
      receivedAt: millis,
      eventId: z.string().nullable(),
      kind: z.string().nullable(),
      reason: z.string(),
      body: z.string(),
      replayedAt: millis.nullable(),
    }),
  ),
  next: z.int().nullable(),
  total: z.int(),
}) satisfies z.ZodType<DeadLetterPage>;

export const auditPageSchema = z.object({
  entries: z.array(
    z.object({
      seq: z.int(),
      at: millis,
      actor: z.string(),
      region: z.string().nullable(),
      action: z.string(),
      object: z.string().nullable(),
      detail: z.record(z.string(), z.unknown()),
    }),
  ),
  next: z.int().nullable(),
  total: z.int(),
}) satisfies z.ZodType<AuditPage>;

export const ratingPageSchema = z.object({
  ratings: z.array(
    z.object({
      id: z.int(),
      at: millis,
      region: z.string(),
      regionName: z.string(),
      caseId: z.string().nullable(),
      caseNo: z.string().nullable(),
      department: z.string().nullable(),
      departmentEn: z.string().nullable(),
      counter: z.string().nullable(),
      officer: z.string().nullable(),
      level: z.int(),
      comment: z.string().nullable(),
    }),
  ),
  next: z.int().nullable(),
  total: z.int(),
}) satisfies z.ZodType<RatingPage>;

const counted = z.object({ total: z.int(), overdue: z.int() });
export const overdueReportSchema = z.object({
  cases: z.int(),
  events: z.int(),
  closed: counted,
  open: counted,
  pending: z.int(),
}) satisfies z.ZodType<OverdueReport>;
