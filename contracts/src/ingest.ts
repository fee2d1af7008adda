import { z } from 'zod';

/** The answer to POST /api/ingest: one result per event, in the order they came. */
export const ingestResultSchema = z.object({
  index: z.int(),
  id: z.string().nullable(),
  status: z.enum(['stored', 'duplicate', 'rejected']),
  /** Why it was rejected: the field, the value, what was expected. */
  reason: z.string().optional(),
});
export type IngestResult = z.infer<typeof ingestResultSchema>;

export const ingestAnswerSchema = z.object({
  stored: z.int(),
  duplicate: z.int(),
  rejected: z.int(),
  results: z.array(ingestResultSchema),
});
export type IngestAnswer = z.infer<typeof ingestAnswerSchema>;

export const CLOUDEVENT = 'application/cloudevents+json';
export const CLOUDEVENT_BATCH = 'application/cloudevents-batch+json';

/** The most events one request may carry. */
export const MAX_BATCH = 2000;
