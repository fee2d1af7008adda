import { clipStateSchema, type Clip, type SignedClipManifest } from '@mingjing/contracts';
import { z } from 'zod';
import { millis } from './schemas.ts';

const facts = {
  id: z.string(),
  camera: z.string(),
  cameraName: z.string(),
  region: z.string(),
  from: millis,
  to: millis,
  reason: z.string(),
  caseId: z.string().nullable(),
  by: z.string(),
  at: millis,
};

export const clipSchema = z.object({
  ...facts,
  state: clipStateSchema,
  progress: z.number(),
  problem: z.string().nullable(),
  bytes: z.number().nullable(),
  sha256: z.string().nullable(),
}) satisfies z.ZodType<Clip>;

export const signedClipManifestSchema = z.object({
  manifest: z.object({
    clip: z.object(facts),
    file: z.object({ sha256: z.string(), bytes: z.number() }),
    segments: z.array(z.object({ startedAt: millis, endedAt: millis, sha256: z.string() })),
    gaps: z.array(z.object({ from: millis, to: millis })),
  }),
  publicKey: z.string(),
  signature: z.string(),
}) satisfies z.ZodType<SignedClipManifest>;
