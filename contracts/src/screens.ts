import { z } from 'zod';
import { screenSchema } from './city.ts';
import { identifierSchema, nameSchema, textSchema } from './text.ts';
import type { Role } from './users.ts';

/**
 * Who sends a screen's pictures: the collectors open its page themselves; an agent beside the clerk's own browser; or
 * the page /agent/ on the terminal, which sees the whole screen.
 */
export const screenViaSchema = z.enum(['collector', 'agent', 'page']);
export type ScreenVia = z.infer<typeof screenViaSchema>;

/** A part of a screen, in shares of its width and height: covered, or not looked at for changes (a clock, say). */
export const screenZoneSchema = z
  .strictObject({
    what: z.enum(['cover', 'ignore']),
    x: z.number().min(0).max(1),
    y: z.number().min(0).max(1),
    width: z.number().gt(0).max(1),
    height: z.number().gt(0).max(1),
  })
  .refine(({ x, width }) => x + width <= 1.000001, { path: ['width'], error: 'reaches over the right edge' })
  .refine(({ y, height }) => y + height <= 1.000001, { path: ['height'], error: 'reaches over the bottom' });
export type ScreenZone = z.infer<typeof screenZoneSchema>;

/** Null: nobody has confirmed them yet, and everything is covered. An empty list was confirmed as such. */
export const screenZonesSchema = z.array(screenZoneSchema).max(100).nullable();

/** How often a screen is looked at: at most twice a second. In ms. */
const everyMsSchema = z.int().min(500).max(60_000);

/** GET /api/admin/screens: a screen as administrators see it. */
export const managedScreenSchema = z.strictObject({
  ...screenSchema.shape,
  via: screenViaSchema,
  everyMs: everyMsSchema,
  zones: screenZonesSchema,
  disabled: z.boolean(),
  /** The source that alone sends it, once it has a token. */
  source: z.string().nullable(),
});
export type ManagedScreen = z.infer<typeof managedScreenSchema>;

/** POST /api/admin/screens */
export const newScreenSchema = z.strictObject({
  ...screenSchema.shape,
  via: screenViaSchema.default('collector'),
  everyMs: everyMsSchema.default(1000),
  zones: screenZonesSchema.default(null),
});

export type NewScreen = z.infer<typeof newScreenSchema>;

/** PATCH /api/admin/screens/:id: what is absent stays. */
export const screenChangeSchema = z.strictObject({
  name: nameSchema.optional(),
  url: screenSchema.shape.url.optional(),
  hall: identifierSchema.nullable().optional(),
  counter: identifierSchema.nullable().optional(),
  via: screenViaSchema.optional(),
  everyMs: everyMsSchema.optional(),
  zones: screenZonesSchema.optional(),
  disabled: z.boolean().optional(),
});
export type ScreenChange = z.infer<typeof screenChangeSchema>;

/** The longest time for which a screen is shown unmasked, in minutes. */
export const MOST_UNMASK_MINUTES = 30;

/** Whoever answers for what is done at a counter may ask; whoever sets up or is told may not. */
export const UNMASK_ASKERS: readonly Role[] = ['inspector', 'supervisor'];
/** A second person who may agree: never who asked. */
export const UNMASK_APPROVERS: readonly Role[] = ['inspector', 'supervisor', 'leader'];

/** POST /api/screens/:id/unmask */
export const newUnmaskingSchema = z.strictObject({
  reason: textSchema.refine((text) => text.trim().length >= 4, 'expected a reason of at least 4 characters'),
  minutes: z.int().min(1).max(MOST_UNMASK_MINUTES),
});
export type NewUnmasking = z.infer<typeof newUnmaskingSchema>;

/** waiting: for a second person; running; over. */
export const unmaskingStateSchema = z.enum(['waiting', 'running', 'over']);

/** One permission to see a screen unmasked. Times are ms since the epoch. */
export const unmaskingSchema = z.strictObject({
  id: z.int(),
  screen: z.string(),
  screenName: z.string(),
  region: z.string(),
  askedBy: z.string(),
  reason: z.string(),
  minutes: z.int(),
  askedAt: z.number(),
  approvedBy: z.string().nullable(),
  from: z.number().nullable(),
  until: z.number().nullable(),
  endedAt: z.number().nullable(),
  endedBy: z.string().nullable(),
  state: unmaskingStateSchema,
  /** Whether who is asking may look at its pictures. */
  mine: z.boolean(),
});
export type Unmasking = z.infer<typeof unmaskingSchema>;

/** GET /api/service/unmaskings: what runs now; `leftMs` counts from the answer, whatever the asker's clock says. */
export const runningUnmaskingSchema = z.object({ screen: z.string(), leftMs: z.number().positive() });
export type RunningUnmasking = z.infer<typeof runningUnmaskingSchema>;

/** GET /api/service/screen: what an agent is to do, by its own token. */
export const agentOrdersSchema = z.object({
  /** The id of the token's source: the CloudEvents source of what it sends. */
  source: z.string(),
  id: z.string(),
  name: z.string(),
  region: z.string(),
  url: z.string(),
  via: screenViaSchema,
  everyMs: z.number(),
  zones: screenZonesSchema,
  disabled: z.boolean(),
  /** For how long it may send unmasked pictures from this answer on, ms; null: not at all. */
  unmaskedForMs: z.number().positive().nullable(),
});
export type AgentOrders = z.infer<typeof agentOrdersSchema>;
