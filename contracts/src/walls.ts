import { z } from 'zod';
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
