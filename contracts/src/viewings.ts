import { z } from 'zod';
import { qualitySchema } from './media.ts';
import { identifierSchema } from './text.ts';

const millis = z.int().min(0);

/** 观看记录: somebody watched a camera live. Recordings that were played stand in the audit log. */
export const viewingSchema = z.strictObject({
  id: z.uuid(),
  camera: identifierSchema,
  /** The user's sign-in name, as the ticket says it. */
  user: z.string().min(1).max(200),
  /** The best stream that was shown. */
  quality: qualitySchema,
  /** How it was carried last. */
  carriedBy: z.enum(['webrtc', 'film']),
  startedAt: millis,
  /** Null while it goes on. */
  endedAt: millis.nullable(),
});
export type Viewing = z.infer<typeof viewingSchema>;

/** POST /api/service/viewings: what a media host has seen of viewings. Safe to repeat; a later word replaces an earlier one. */
export const viewingNewsSchema = z.array(viewingSchema).min(1).max(500);

/** A viewing as the centre keeps it. */
export interface ViewingEntry extends Viewing {
  seq: number;
  cameraName: string;
  region: string;
}

/** GET /api/viewings, the latest first. */
export interface ViewingPage {
  viewings: ViewingEntry[];
  /** Asks for the next page with `before`; null at the end. */
  next: number | null;
  total: number;
}
