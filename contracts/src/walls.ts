import { z } from 'zod';
import { alertKindSchema, type Alert } from './alerts.ts';
import type { CaseStatus } from './cases.ts';
import { regionCodeSchema } from './region.ts';
import { identifierSchema, nameSchema, textSchema } from './text.ts';
import { roleSchema } from './users.ts';

/** What a tile of a wall shows. `next` is filled by the wall itself from what is in scope. */
export const tileContentSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('camera'), camera: identifierSchema }),
  z.strictObject({ kind: z.literal('screen'), screen: identifierSchema }),
  z.strictObject({ kind: z.literal('case'), caseId: identifierSchema }),
  z.strictObject({ kind: z.literal('text'), text: textSchema.min(1).max(500) }),
  z.strictObject({ kind: z.literal('next') }),
]);
export type TileContent = z.infer<typeof tileContentSchema>;

const gridSize = z.int().min(1).max(24);

/** A place on the grid, in whole cells from the top left. */
export const tilePlaceSchema = z.strictObject({
  x: z.int().min(0).max(23),
  y: z.int().min(0).max(23),
  w: gridSize,
  h: gridSize,
  content: tileContentSchema,
});
export type TilePlace = z.infer<typeof tilePlaceSchema>;

/** The shape of a layout: a grid and what stands where on it. Places do not overlap and lie on the grid. */
export const gridSchema = z
  .strictObject({ columns: gridSize, rows: gridSize, tiles: z.array(tilePlaceSchema).min(1).max(64) })
  .superRefine(({ columns, rows, tiles }, context) => {
    const taken = new Map<string, number>();
    for (const [index, { x, y, w, h }] of tiles.entries()) {
      if (x + w > columns || y + h > rows) {
        context.addIssue({
          code: 'custom',
          path: ['tiles', index],
          message: `lies outside ${columns} × ${rows}`,
        });
        continue;
      }
      for (let column = x; column < x + w; column += 1) {
        for (let row = y; row < y + h; row += 1) {
          const other = taken.get(`${column}/${row}`);
          if (other !== undefined && other !== index)
            context.addIssue({ code: 'custom', path: ['tiles', index], message: `overlaps tile ${other}` });
          taken.set(`${column}/${row}`, index);
        }
      }
    }
  });
export type Grid = z.infer<typeof gridSchema>;

/** Who else sees a layout or a patrol: nobody, or these roles in its region and above. */
export const sharingSchema = z.strictObject({ roles: z.array(roleSchema).max(5) });
export type Sharing = z.infer<typeof sharingSchema>;

export const newLayoutSchema = z.strictObject({
  name: nameSchema,
  region: regionCodeSchema,
  grid: gridSchema,
  sharedWith: sharingSchema.nullable().default(null),
});
export type NewLayout = z.infer<typeof newLayoutSchema>;

export interface Layout extends NewLayout {
  id: string;
  owner: string;
  changedAt: number;
  /** Counts its changes: who saves names the one that was read, and is refused when it is not the last. */
  revision: number;
}

/** 轮巡: what is shown one after the other, each for its time. */
export const patrolStepSchema = z.strictObject({
  dwellSeconds: z.int().min(3).max(3600),
  show: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('layout'), layout: identifierSchema }),
    /** Cameras on an even grid of the size they need. */
    z.strictObject({ kind: z.literal('cameras'), cameras: z.array(identifierSchema).min(1).max(64) }),
  ]),
});
export type PatrolStep = z.infer<typeof patrolStepSchema>;

export const newPatrolSchema = z.strictObject({
  name: nameSchema,
  region: regionCodeSchema,
  steps: z.array(patrolStepSchema).min(1).max(200),
  sharedWith: sharingSchema.nullable().default(null),
});
export type NewPatrol = z.infer<typeof newPatrolSchema>;

export interface Patrol extends NewPatrol {
  id: string;
  owner: string;
  changedAt: number;
  revision: number;
}

/** Saving again names the revision that was read; 409 when it is not the last. */
const revisionSchema = z.int().min(1);
export const layoutChangeSchema = newLayoutSchema.extend({ revision: revisionSchema });
export const patrolChangeSchema = newPatrolSchema.extend({ revision: revisionSchema });

/** The layout a user of the ordinary wall page chose last; kept by the centre, so that it follows the user. */
export const layoutChoiceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('auto') }),
  z.strictObject({ kind: z.literal('preset'), size: z.int().min(1).max(64) }),
  z.strictObject({ kind: z.literal('layout'), layout: identifierSchema }),
]);
export type LayoutChoice = z.infer<typeof layoutChoiceSchema>;

/** Which alerts come to a wall by themselves, and for how long when nobody acknowledges them. */
export const alertPolicySchema = z.strictObject({
  levels: z.array(alertKindSchema).max(7),
  holdSeconds: z.int().min(5).max(3600),
});
export type AlertPolicy = z.infer<typeof alertPolicySchema>;

/** A browser window of a wall: with a layout of its own, else it follows the patrol. */
export const wallWindowSchema = z.strictObject({ layout: identifierSchema.nullable() });
export type WallWindow = z.infer<typeof wallWindowSchema>;

export const newWallSchema = z.strictObject({
  name: nameSchema,
  region: regionCodeSchema,
  windows: z.array(wallWindowSchema).min(1).max(8),
  patrol: identifierSchema.nullable().default(null),
  alertPolicy: alertPolicySchema.default({ levels: ['red', 'yellow'], holdSeconds: 60 }),
});
export type NewWall = z.infer<typeof newWallSchema>;
export const wallChangeSchema = newWallSchema.extend({ revision: revisionSchema });
export type WallChange = z.infer<typeof wallChangeSchema>;

/** 大屏: a wall of one or several browser windows. */
export interface Wall extends NewWall {
  id: string;
  createdAt: number;
  changedAt: number;
  revision: number;
}

/** Where on a wall something is shown: a window (from 1; null: the first), and a tile of it (from 0; null: all of it). */
const wallTarget = {
  window: z.int().min(1).max(8).nullable().default(null),
  tile: z.int().min(0).max(63).nullable().default(null),
};

/** What an operator tells a wall. */
export const wallCommandSchema = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('send'),
    ...wallTarget,
    content: tileContentSchema.refine(
      ({ kind }) => kind !== 'next',
      'expected a camera, screen, case or text',
    ),
    /** Null: until it is taken back. */
    seconds: z.int().min(5).max(86_400).nullable().default(null),
  }),
  z.strictObject({ do: z.literal('takeBack'), sent: z.int().min(1) }),
  z.strictObject({ do: z.enum(['pause', 'resume', 'next', 'previous', 'dismissAlert']) }),
  z.strictObject({ do: z.literal('showAlert'), alert: z.int().min(1) }),
]);
export type WallCommand = z.infer<typeof wallCommandSchema>;

/** Something that somebody sent to a wall. */
export interface SentItem {
  id: number;
  window: number;
  tile: number | null;
  content: TileContent;
  by: string;
  at: number;
  until: number | null;
}

/** What a case tile says; a wall that runs by itself may not ask for more. */
export interface WallCase {
  caseId: string;
  caseNo: string;
  region: string;
  regionName: string;
  department: string | null;
  matter: string | null;
  matterEn: string | null;
  status: CaseStatus;
  stage: string | null;
  acceptedAt: number | null;
  /** Its gravest standing alert. */
  alert: Pick<Alert, 'id' | 'kind' | 'state' | 'title' | 'reason'> | null;
}

/** Why a window shows what it shows. */
export type WindowSource = 'default' | 'layout' | 'patrol' | 'alert';

export interface WindowState {
  grid: Grid;
  source: WindowSource;
}

/** The whole of what a wall shows now. Every window and desk of a wall shows the one with the highest `rev`. */
export interface WallState {
  wall: string;
  name: string;
  region: string;
  rev: number;
  /** The centre's clock when this was read: what `until` is counted against. */
  at: number;
  windows: WindowState[];
  patrol: {
    id: string;
    name: string;
    /** From 0. */
    step: number;
    of: number;
    /** Null while it is paused. */
    until: number | null;
    pausedBy: 'alert' | 'operator' | null;
  } | null;
  alert: { alert: Alert; camera: string | null; screen: string | null; until: number } | null;
  /** How many alerts wait to be shown. */
  queue: number;
  /** The first of them, in the order in which they come. */
  waiting: Alert[];
  sent: SentItem[];
  /** The cases that stand on tiles. */
  cases: WallCase[];
}

export const watchWallSchema = z.strictObject({ wall: identifierSchema });
export type WatchWall = z.infer<typeof watchWallSchema>;

export const newWallTokenSchema = z.strictObject({
  note: nameSchema,
  days: z.int().min(1).max(3660).default(365),
});

export type NewWallToken = z.infer<typeof newWallTokenSchema>;

/** What is known of a token with which a wall runs by itself; never the token. */
export interface WallToken {
  id: number;
  note: string;
  by: string;
  madeAt: number;
  expiresAt: number;
  revokedAt: number | null;
  usedAt: number | null;
}

/** The one time a token is shown. */
export interface CreatedWallToken extends WallToken {
  token: string;
}

export const wallSignInSchema = z.strictObject({ token: z.string().min(1).max(200) });
