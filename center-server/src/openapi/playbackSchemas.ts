import type { CaseReplay, RecordedSpan, ScreenHistory, Timeline } from '@mingjing/contracts';
import { z } from 'zod';
import { millis } from './schemas.ts';

const text = z.string().nullable();

export const timelineSchema = z.object({
  marks: z.array(
    z.object({
      kind: z.enum(['alert', 'case']),
      at: millis,
      what: z.string(),
      text: z.string(),
      textEn: z.string(),
      caseId: text,
      caseNo: text,
      alertId: text,
      cameras: z.array(z.string()),
    }),
  ),
  cutAt: millis.nullable(),
}) satisfies z.ZodType<Timeline>;

export const screenHistorySchema = z.object({
  frames: z.array(
    z.object({ at: millis, until: millis, sha256: z.string(), mediaType: z.string(), masked: z.boolean() }),
  ),
  cutAt: millis.nullable(),
}) satisfies z.ZodType<ScreenHistory>;

export const recordedSpanListSchema = z.array(z.object({ from: millis, to: millis })) satisfies z.ZodType<
  RecordedSpan[]
>;

const eyes = z.array(z.object({ id: z.string(), name: z.string(), at: z.enum(['counter', 'hall']) }));

export const caseReplaySchema = z.object({
  places: z.array(z.object({ from: millis, hall: text, counter: text, cameras: eyes, screens: eyes })),
}) satisfies z.ZodType<CaseReplay>;
