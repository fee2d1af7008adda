import { z } from 'zod';
import { identifierSchema, textSchema } from './text.ts';

/** ms since the epoch. */
const millis = z.int().min(0);

/** A recorded piece of a few seconds: one fragmented MP4 file that plays by itself, beginning with a key frame. */
export const segmentSchema = z.strictObject({
  camera: identifierSchema,
  /** The wall-clock time of its first frame, and of the end of its last. */
  startedAt: millis,
  endedAt: millis,
  bytes: z.int().positive(),
  /** As MediaSource wants it: video/mp4; codecs="avc1.42e01f". */
  mimeType: z.string().max(200),
  width: z.int().positive(),
  height: z.int().positive(),
  /** The decode time of its first frame inside the file, in seconds: what a player subtracts. */
  mediaTime: z.number().min(0),
});
export type Segment = z.infer<typeof segmentSchema>;

/** The disk of a media host's recordings: GET /storage of the media host. */
export const storageStateSchema = z.strictObject({
  /** `low`: the oldest recordings are deleted to make room; `full`: nothing may be deleted, nothing is recorded. */
  state: z.enum(['ok', 'low', 'full']),
  freeBytes: z.int().min(0),
  reason: textSchema.nullable(),
});
export type StorageState = z.infer<typeof storageStateSchema>;

/** POST /api/service/recordings: what the media host has on its disk now, and what it deleted. Safe to repeat. */
export const segmentNewsSchema = z.strictObject({
  added: z.array(segmentSchema).max(1000),
  removed: z.array(z.strictObject({ camera: identifierSchema, startedAt: millis })).max(1000),
  /** How its disk is, with every message. */
  storage: storageStateSchema.optional(),
});
export type SegmentNews = z.infer<typeof segmentNewsSchema>;

/** A time that is to be recorded (by alert, in opening hours) or kept (as evidence): GET /api/service/recordings/orders. */
export const recordingOrderSchema = z.strictObject({
  camera: identifierSchema,
  from: millis,
  /** Null while the alert is young: it goes on. */
  to: millis.nullable(),
  why: z.enum(['alert', 'evidence', 'hours']),
});
export type RecordingOrder = z.infer<typeof recordingOrderSchema>;

/** Recordings without a gap, for a timeline: GET /api/recordings/spans?cameras=a,b&from=&to= */
export interface RecordedSpan {
  from: number;
  to: number;
}
export interface RecordedSpans {
  camera: string;
  spans: RecordedSpan[];
}

/** From when to when there are recordings of a camera, gaps or not: GET /api/recordings/extents?region= */
export interface RecordedExtent extends RecordedSpan {
  camera: string;
}

/** POST /api/clips: cuts a clip out of the recordings, as evidence. */
export const newClipSchema = z.strictObject({
  camera: identifierSchema,
  from: millis,
  to: millis,
  reason: textSchema.min(1),
  caseId: identifierSchema.nullable().default(null),
});
export type NewClip = z.infer<typeof newClipSchema>;

export const clipStateSchema = z.enum(['queued', 'working', 'done', 'failed']);

/** A clip, which keeps the recordings it was cut from. */
export interface Clip {
  id: string;
  camera: string;
  cameraName: string;
  region: string;
  from: number;
  to: number;
  reason: string;
  caseId: string | null;
  by: string;
  at: number;
  state: z.infer<typeof clipStateSchema>;
  /** 0 to 1 while it is made. */
  progress: number;
  problem: string | null;
  bytes: number | null;
  sha256: string | null;
}

/** GET /api/service/clips: what a media host is to cut, and which films it is to delete. */
export const clipOrdersSchema = z.strictObject({
  due: z.array(
    z.strictObject({ id: z.uuid(), camera: identifierSchema, region: z.string(), from: millis, to: millis }),
  ),
  ended: z.array(z.uuid()),
});
export type ClipOrders = z.infer<typeof clipOrdersSchema>;

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in 64 lower-case hex digits');
const recordedSpanSchema = z.strictObject({ from: millis, to: millis });

/** POST /api/service/clips/:id: how far a media host is with a clip. */
export const clipReportSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('working'), progress: z.number().min(0).max(1) }),
  z.strictObject({ state: z.literal('failed'), problem: textSchema }),
  z.strictObject({
    state: z.literal('done'),
    file: z.strictObject({ sha256: sha256Schema, bytes: z.int().positive() }),
    /** The segments it was cut from: it begins with the first one's key frame. */
    segments: z
      .array(z.strictObject({ startedAt: millis, endedAt: millis, sha256: sha256Schema }))
      .min(1)
      .max(20_000),
    gaps: z.array(recordedSpanSchema).max(20_000),
  }),
]);
export type ClipReport = z.infer<typeof clipReportSchema>;

/** What is signed of a clip (Ed25519 over its canonical JSON). */
export interface ClipManifest {
  clip: Pick<
    Clip,
    'id' | 'camera' | 'cameraName' | 'region' | 'from' | 'to' | 'reason' | 'caseId' | 'by' | 'at'
  >;
  file: { sha256: string; bytes: number };
  /** The segments it was cut from, with their hashes, and where nothing was recorded. */
  segments: { startedAt: number; endedAt: number; sha256: string }[];
  gaps: RecordedSpan[];
}
export interface SignedClipManifest {
  manifest: ClipManifest;
  /** Ed25519, as SPKI in base64. */
  publicKey: string;
  /** Over the manifest's JSON with its keys in order, in base64. */
  signature: string;
}

/** What happened at a place, for the timeline under recordings: GET /api/timeline?cameras=&from=&to= */
export interface TimelineMark {
  kind: 'alert' | 'case';
  at: number;
  /** An alert's level or a case event's type. */
  what: string;
  text: string;
  textEn: string;
  caseId: string | null;
  caseNo: string | null;
  alertId: string | null;
  cameras: string[];
}
