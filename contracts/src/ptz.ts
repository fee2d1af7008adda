import { z } from 'zod';
import { identifierSchema, isStorableText } from './text.ts';
import type { Role } from './users.ts';

/** Who may steer cameras; a leader looks. */
export const PTZ_ROLES: readonly Role[] = ['inspector', 'supervisor', 'administrator'];

/** A continuous move stops by itself unless it is renewed within this. In ms. */
export const PTZ_DEAD_MAN_MS = 1000;
/** Whoever steered a camera last keeps it for so long. In ms. */
export const PTZ_HOLD_MS = 10_000;

/** Of the greatest speed, or of the range: ONVIF's generic spaces. Zoom is 0 to 1 where it is a place. */
const share = z.number().min(-1).max(1).default(0);
const vector = { pan: share, tilt: share, zoom: share };
/** A preset as the camera names it. */
const presetToken = z
  .string()
  .min(1)
  .max(64)
  .refine((text) => isStorableText(text) && !/\p{Cc}/u.test(text), 'holds a control character');

/** What an operator may ask of a camera that can be steered. */
export const ptzCommandSchema = z.discriminatedUnion('kind', [
  /** Moves until `stop`, until another command, or until it was not said again for PTZ_DEAD_MAN_MS. */
  z.strictObject({ kind: z.literal('move'), ...vector }),
  z.strictObject({ kind: z.literal('stop') }),
  /** To a place, or by a way. */
  z.strictObject({ kind: z.literal('absolute'), ...vector }),
  z.strictObject({ kind: z.literal('relative'), ...vector }),
  z.strictObject({ kind: z.literal('home') }),
  z.strictObject({ kind: z.literal('preset'), preset: presetToken }),
  /** Keeps where it looks now, under a name or in place of a preset that is there. */
  z.strictObject({ kind: z.literal('savePreset'), name: presetToken, preset: presetToken.optional() }),
  z.strictObject({ kind: z.literal('removePreset'), preset: presetToken }),
  /** Lets go of the camera, so that somebody else may take it at once. */
  z.strictObject({ kind: z.literal('release') }),
]);
export type PtzCommand = z.input<typeof ptzCommandSchema>;

export const ptzRequestSchema = z.strictObject({ camera: identifierSchema, command: ptzCommandSchema });
export const presetsRequestSchema = z.strictObject({ camera: identifierSchema });

export interface PtzPreset {
  preset: string;
  name: string;
}

/** What a camera offers, and who steers it now. */
export interface PtzPresets {
  presets: PtzPreset[];
  can: { move: boolean; absolute: boolean; relative: boolean; home: boolean; presets: boolean };
  holder: string | null;
}

/** POST /api/service/ptz: what operators did, for the audit log. */
export const ptzActionsSchema = z.strictObject({
  actions: z
    .array(
      z.strictObject({
        camera: identifierSchema,
        user: z.string().min(1).max(200),
        /** `steered` is said once for a hold, with its first command. */
        action: z.enum(['steered', 'presetSaved', 'presetRemoved']),
        detail: z.string().max(200).optional(),
        /** ms since the epoch */
        at: z.int(),
      }),
    )
    .min(1)
    .max(200),
});
export type PtzAction = z.infer<typeof ptzActionsSchema>['actions'][number];
