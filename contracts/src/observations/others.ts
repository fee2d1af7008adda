import { z } from 'zod';
import { regionCodeSchema } from '../region.ts';
import { instantSchema } from '../time.ts';
import { identifierSchema, nameSchema, textSchema } from '../text.ts';

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in 64 lower-case hex digits');

/** States of a video source. `frozen` is not `live`: packets may arrive while the picture stands still. */
export const streamStateSchema = z.enum(['idle', 'connecting', 'live', 'frozen', 'retrying', 'failed']);
export type StreamState = z.infer<typeof streamStateSchema>;

/** How the picture reaches the wall: as the camera sent it, or re-encoded. */
export const streamModeSchema = z.enum(['copy', 'transcode']);

const ofCase = { region: regionCodeSchema, caseNo: identifierSchema.optional() };

export const otherSchemas = {
  /** A counter screen was looked at. `changed: false` says that it still shows the picture before. */
  'screen.captured': z.object({
    region: regionCodeSchema,
    screen: identifierSchema,
    changed: z.boolean(),
    /** The picture in the blob store; absent when unchanged. */
    image: z
      .object({
        sha256: sha256Schema,
        mediaType: z.enum(['image/jpeg', 'image/png', 'image/webp']),
        width: z.int().positive(),
        height: z.int().positive(),
        bytes: z.int().positive(),
      })
      .optional(),
    masked: z.boolean(),
    /** Since when the screen has shown this picture. */
    unchangedSince: instantSchema.optional(),
  }),
  'stream.state': z.object({
    region: regionCodeSchema,
    camera: identifierSchema,
    state: streamStateSchema,
    mode: streamModeSchema.optional(),
    codec: z.string().max(64).optional(),
    width: z.int().positive().optional(),
    height: z.int().positive().optional(),
    attempt: z.int().min(0).max(1_000_000_000).optional(),
    retryAt: instantSchema.optional(),
    reason: textSchema.optional(),
    /** The media host does not answer: the camera itself may be well. */
    hostSilent: z.boolean().optional(),
  }),
  /** What a camera itself says by ONVIF: motion, tampering, a lost signal… Also told again when nothing changed. */
  'camera.event': z.object({
    region: regionCodeSchema,
    camera: identifierSchema,
    /** In words that do not depend on the maker; `other` with the camera's own topic. */
    topic: z.enum([
      'motion',
      'tamper',
      'signal-loss',
      'digital-input',
      'line-crossing',
      'intrusion',
      'other',
    ]),
    /** Null where the topic has no state. */
    state: z.boolean().nullable(),
    text: textSchema,
  }),
  /** A collector says that it is alive, and how much waits in its outbox. */
  heartbeat: z.object({
    region: regionCodeSchema,
    waiting: z.int().min(0).optional(),
    note: textSchema.optional(),
  }),
  'rating.given': z.object({
    ...ofCase,
    department: nameSchema.optional(),
    hall: nameSchema.optional(),
    counter: nameSchema.optional(),
    officer: nameSchema.optional(),
    /** 好差评: 5 very satisfied to 1 very dissatisfied. */
    level: z.int().min(1).max(5),
    comment: textSchema.optional(),
  }),
  'licence.checked': z.object({
    ...ofCase,
    licence: identifierSchema,
    valid: z.boolean(),
    department: nameSchema.optional(),
  }),
};

/** 行政执法 and 公共交易: opened to vendors now, given rules of their own later. */
const freeForm = z.looseObject({ ...ofCase, department: nameSchema.optional() });
export const familySchemas = { enforcement: freeForm, trading: freeForm };
