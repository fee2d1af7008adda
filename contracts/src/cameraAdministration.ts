import { z } from 'zod';
import {
  cameraCredentialsSchema,
  cameraSchema,
  cameraSourceSchema,
  newCameraSchema,
  recordingPlanSchema,
} from './media.ts';
import { regionCodeSchema } from './region.ts';
import { identifierSchema } from './text.ts';

/** What an encoder is told to push a stream: shown in the answer that made the key, and never again. */
const pushAccessSchema = z.object({
  stream: z.enum(['main', 'sub']),
  protocol: z.enum(['rtmp', 'whip']),
  /** Where it pushes to; null when the centre is not told (centre.rtmpPublicUrl). */
  address: z.string().nullable(),
  key: z.string(),
});
export type PushAccess = z.infer<typeof pushAccessSchema>;

/** A camera as administrators read it: with its addresses, never with a password. */
export const adminCameraSchema = cameraSchema.omit({ credentials: true }).extend({
  sub: cameraSourceSchema.nullable(),
  onvif: z.string().nullable(),
  recording: recordingPlanSchema.nullable(),
  hasCredentials: z.boolean(),
  /** Why the credentials that are kept cannot be used: they were encrypted with another key. */
  credentialsProblem: z.string().nullable(),
  /** When it was taken out of use, ms since the epoch. */
  disabledAt: z.number().nullable(),
  changedAt: z.number(),
  /** Grows with every change; a change names the one that it was made from. */
  revision: z.int(),
  /** Only in the answer to the change that made them. */
  pushAccess: z.array(pushAccessSchema).optional(),
});
export type AdminCamera = z.infer<typeof adminCameraSchema>;

/** PATCH: what is absent stays. `credentials: null` forgets them. */
export const cameraChangeSchema = z
  .strictObject({ ...newCameraSchema.omit({ id: true }).partial().shape, disabled: z.boolean().optional() })
  .extend({
    revision: z.int(),
    /** Makes new keys for what is pushed; the old ones are not taken any more. */
    renewKeys: z.boolean().optional(),
  });
export type CameraChange = z.infer<typeof cameraChangeSchema>;
export type NewCamera = z.infer<typeof newCameraSchema>;

/** POST /api/admin/cameras/test: looks at a camera before it is saved. */
export const cameraTestRequestSchema = z.strictObject({
  region: regionCodeSchema,
  source: cameraSourceSchema,
  sub: cameraSourceSchema.nullable().optional(),
  credentials: cameraCredentialsSchema.nullable().optional(),
  onvif: cameraSchema.shape.onvif,
  /** Signs in as this camera does, where the hosts are its own. */
  camera: identifierSchema.optional(),
});
export type CameraTestRequest = z.infer<typeof cameraTestRequestSchema>;

const streamTestSchema = z.object({
  ok: z.boolean(),
  /** Chinese, and English in brackets; null when it is well. */
  reason: z.string().nullable(),
  codec: z.string().nullable(),
  profile: z.string().nullable(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  fps: z.number().nullable(),
  /** Seconds between key frames; null when fewer than two came within the test. */
  gopSeconds: z.number().nullable(),
  bFrames: z.boolean().nullable(),
});
export type StreamTest = z.infer<typeof streamTestSchema>;

export const cameraTestSchema = z.object({
  ok: z.boolean(),
  main: streamTestSchema,
  sub: streamTestSchema.nullable(),
  /** How browsers will get it: as it is, from the small stream, or encoded anew. Null without a picture. */
  delivery: z.enum(['copy', 'sub', 'transcode']).nullable(),
  /** A JPEG, base64; null without a picture. */
  thumbnail: z.string().nullable(),
  onvif: z
    .object({
      ok: z.boolean(),
      reason: z.string().nullable(),
      model: z.string().nullable(),
      ptz: z.boolean(),
    })
    .nullable(),
});
export type CameraTest = z.infer<typeof cameraTestSchema>;

/** POST /api/admin/cameras/discovery: looks for ONVIF cameras around the media host. */
export const discoveryRequestSchema = z.strictObject({
  region: regionCodeSchema,
  credentials: cameraCredentialsSchema.nullable().optional(),
  /** Device services to ask besides those that answer the probe. */
  addresses: z
    .array(z.url({ protocol: /^https?$/, error: 'expected http(s)://…' }).max(2000))
    .max(16)
    .optional(),
});
export type DiscoveryRequest = z.infer<typeof discoveryRequestSchema>;

const discoveredProfileSchema = z.object({
  name: z.string(),
  codec: z.string(),
  width: z.int(),
  height: z.int(),
  url: z.string().nullable(),
});
export type DiscoveredProfile = z.infer<typeof discoveredProfileSchema>;

const discoveredCameraSchema = z.object({
  /** Its device service. */
  onvif: z.string(),
  host: z.string(),
  name: z.string().nullable(),
  manufacturer: z.string().nullable(),
  model: z.string().nullable(),
  profiles: z.array(discoveredProfileSchema),
  /** The largest H.264 stream, and the smallest. */
  main: z.string().nullable(),
  sub: z.string().nullable(),
  ptz: z.boolean(),
  state: z.enum(['asking', 'ready', 'failed']),
  /** Chinese, and English in brackets. */
  reason: z.string().nullable(),
  /** The camera that it is already, where it is one. */
  known: z.string().nullable(),
});
export type DiscoveredCamera = z.infer<typeof discoveredCameraSchema>;

export const discoverySchema = z.object({
  id: z.string(),
  state: z.enum(['running', 'done']),
  found: z.array(discoveredCameraSchema),
});
export type Discovery = z.infer<typeof discoverySchema>;
