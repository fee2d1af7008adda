import { segmentSchema, type RecordedExtent, type RecordedSpans } from '@mingjing/contracts';
import { z } from 'zod';
import { millis } from './schemas.ts';

export const segmentsSchema = z.array(segmentSchema);

export const recordedSpansSchema = z.array(
  z.object({ camera: z.string(), spans: z.array(z.object({ from: millis, to: millis })) }),
) satisfies z.ZodType<RecordedSpans[]>;

export const recordedExtentsSchema = z.array(
  z.object({ camera: z.string(), from: millis, to: millis }),
) satisfies z.ZodType<RecordedExtent[]>;
