import {
  alertSchema,
  caseStatusSchema,
  recordingPlanSchema,
  regionSchema,
  streamModeSchema,
  streamStateSchema,
  type CameraTile,
  type CaseTick,
  type Figures,
  type RegionFigures,
  type ScreenTile,
  type SourceState,
  type WallSnapshot,
} from '@mingjing/contracts';
import { z } from 'zod';
import { millis } from './schemas.ts';

const placed = {
  id: z.string(),
  name: z.string(),
  region: z.string(),
  regionName: z.string(),
  hall: z.string().nullable(),
  counter: z.string().nullable(),
};

export const cameraTileSchema = z.object({
  ...placed,
  state: streamStateSchema,
  mode: streamModeSchema.nullable(),
  since: millis.nullable(),
  attempt: z.int().nullable(),
  retryAt: millis.nullable(),
  reason: z.string().nullable(),
  ptz: z.boolean(),
  recording: recordingPlanSchema.shape.mode,
}) satisfies z.ZodType<CameraTile>;

const screenTileSchema = z.object({
  ...placed,
  sha256: z.string().nullable(),
  masked: z.boolean(),
  seenAt: millis.nullable(),
  unchangedSince: millis.nullable(),
  unmasking: z.object({ by: z.string(), until: millis }).nullable().optional(),
  unmaskWaiting: z.object({ by: z.string(), until: millis }).nullable().optional(),
}) satisfies z.ZodType<ScreenTile>;

export const sourceStateSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  region: z.string(),
  regionName: z.string(),
  lastSeenAt: millis.nullable(),
  expectEverySeconds: z.int(),
  silent: z.boolean(),
  disabled: z.boolean(),
}) satisfies z.ZodType<SourceState>;

const standing = z.object({ standing: z.int(), unacknowledged: z.int() });
const figuresSchema = z.object({
  since: millis,
  asOf: millis,
  accepted: z.int(),
  completed: z.int(),
  onTimeRate: z.number().nullable(),
  open: z.int(),
  yellow: standing,
  red: standing,
  risk: standing,
  satisfaction: z.object({ rate: z.number().nullable(), given: z.int(), bad: z.int() }),
  alertsToday: z.int(),
  hourly: z.object({ accepted: z.array(z.int()), completed: z.array(z.int()) }),
}) satisfies z.ZodType<Figures>;

const regionFiguresSchema = z.object({
  region: z.string(),
  name: z.string(),
  open: z.int(),
  completed: z.int(),
  onTimeRate: z.number().nullable(),
  yellow: z.int(),
  red: z.int(),
}) satisfies z.ZodType<RegionFigures>;

const caseTickSchema = z.object({
  caseId: z.string(),
  caseNo: z.string(),
  region: z.string(),
  regionName: z.string(),
  department: z.string().nullable(),
  departmentEn: z.string().nullable(),
  matterName: z.string().nullable(),
  matterNameEn: z.string().nullable(),
  status: caseStatusSchema,
  stage: z.string().nullable(),
  kind: z.string(),
  at: millis,
}) satisfies z.ZodType<CaseTick>;

export const wallSnapshotSchema = z.object({
  scope: regionSchema,
  children: z.array(regionSchema),
  cameras: z.array(cameraTileSchema),
  screens: z.array(screenTileSchema),
  sources: z.array(sourceStateSchema),
  alerts: z.array(alertSchema),
  figures: figuresSchema,
  regions: z.array(regionFiguresSchema),
  recent: z.array(caseTickSchema),
}) satisfies z.ZodType<WallSnapshot>;
