import {
  alertSchema,
  caseStatusSchema,
  gridSchema,
  newLayoutSchema,
  newPatrolSchema,
  newWallSchema,
  sentenceSchema,
  tileContentSchema,
} from '@mingjing/contracts';
import { z } from 'zod';
import { millis } from './schemas.ts';

const kept = { id: z.string(), owner: z.string(), changedAt: millis, revision: z.int() };
export const layoutSchema = newLayoutSchema.extend(kept);
export const patrolSchema = newPatrolSchema.extend(kept);
export const wallSchema = newWallSchema.extend({
  ...{ id: z.string(), createdAt: millis, changedAt: millis, revision: z.int() },
});

export const wallTokenSchema = z.object({
  ...{ id: z.int(), note: z.string(), by: z.string(), madeAt: millis, expiresAt: millis },
  ...{ revokedAt: millis.nullable(), usedAt: millis.nullable() },
});
export const createdWallTokenSchema = wallTokenSchema.extend({ token: z.string() });

const wallCaseSchema = z.object({
  ...{ caseId: z.string(), caseNo: z.string(), region: z.string(), regionName: z.string() },
  ...{ department: z.string().nullable(), matter: z.string().nullable(), matterEn: z.string().nullable() },
  ...{ status: caseStatusSchema, stage: z.string().nullable(), acceptedAt: millis.nullable() },
  alert: z
    .object({
      ...{ id: z.int(), kind: alertSchema.shape.kind, state: alertSchema.shape.state },
      ...{ title: sentenceSchema, reason: sentenceSchema },
    })
    .nullable(),
});

export const wallStateSchema = z.object({
  ...{ wall: z.string(), name: z.string(), region: z.string(), rev: z.int(), at: millis, queue: z.int() },
  waiting: z.array(alertSchema),
  windows: z.array(z.object({ grid: gridSchema, source: z.enum(['default', 'layout', 'patrol', 'alert']) })),
  patrol: z
    .object({
      ...{ id: z.string(), name: z.string(), step: z.int(), of: z.int(), until: millis.nullable() },
      pausedBy: z.enum(['alert', 'operator']).nullable(),
    })
    .nullable(),
  alert: z
    .object({
      alert: alertSchema,
      camera: z.string().nullable(),
      screen: z.string().nullable(),
      until: millis,
    })
    .nullable(),
  sent: z.array(
    z.object({
      ...{ id: z.int(), window: z.int(), tile: z.int().nullable(), content: tileContentSchema },
      ...{ by: z.string(), at: millis, until: millis.nullable() },
    }),
  ),
  cases: z.array(wallCaseSchema),
});
