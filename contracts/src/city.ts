import { z } from 'zod';
import { plannedLayoutSchema, plannedPatrolSchema, plannedWallSchema, wallProblems } from './cityWalls.ts';
import { cameraSchema } from './media.ts';
import { regionCodeSchema, regionSchema } from './region.ts';
import { identifierSchema, isStorableText, nameSchema, sourceIdSchema } from './text.ts';
import { budgetSchema, openingHoursSchema } from './time.ts';
import { roleSchema } from './users.ts';

/** 事项: what can be applied for, at every department of its kind. */
export const matterSchema = z.strictObject({
  id: identifierSchema,
  name: nameSchema,
  nameEn: nameSchema,
  /** The kind of department that handles it: `housing` for every county's 住建局. */
  departmentKind: z.string(),
  /** 法定时限, in the unit the law uses. */
  legal: budgetSchema,
  legalBasis: z.string(),
  /** 承诺时限: what the hall promises; the clock runs on this. */
  promised: budgetSchema,
  /** 环节, in their lawful order. */
  stages: z.array(nameSchema).min(1),
  /** How long each stage may take, by its name; a stage without one has no clock of its own. */
  stageLimits: z.record(nameSchema, budgetSchema).optional(),
  /** How long delivery may take after the decision (Administrative Licensing Law, art. 44: 10 days). */
  delivery: budgetSchema.optional(),
});
export type Matter = z.infer<typeof matterSchema>;

export const departmentSchema = z.strictObject({
  id: identifierSchema,
  region: regionCodeSchema,
  name: nameSchema,
  nameEn: nameSchema,
  kind: z.string(),
});
export type Department = z.infer<typeof departmentSchema>;

export const hallSchema = z.strictObject({
  id: identifierSchema,
  region: regionCodeSchema,
  name: nameSchema,
  /** 虚拟大厅: its counters stand in the departments' own offices. */
  virtual: z.boolean().default(false),
  /** Opening hours of a working day as local times, lunch breaks left out; without them, 09:00–12:00 and 13:30–17:00. */
  hours: openingHoursSchema.optional(),
});
export type Hall = z.infer<typeof hallSchema>;

export const counterSchema = z.strictObject({
  id: identifierSchema,
  hall: identifierSchema,
  department: identifierSchema,
  name: nameSchema,
});
export type Counter = z.infer<typeof counterSchema>;

export const officerSchema = z.strictObject({
  id: identifierSchema,
  department: identifierSchema,
  name: nameSchema,
});
export type Officer = z.infer<typeof officerSchema>;

export const screenSchema = z.strictObject({
  id: identifierSchema,
  name: nameSchema,
  region: regionCodeSchema,
  hall: identifierSchema.nullable(),
  counter: identifierSchema.nullable(),
  /** The page that the counter shows; looked at by the screen collector only. */
  url: z
    .url({ protocol: /^https?$/, error: 'expected http(s)://…' })
    .max(2000)
    .refine(isStorableText, 'holds a NUL or half a surrogate pair'),
});
export type Screen = z.infer<typeof screenSchema>;

/**
 * A city as one file describes it: `mingjing seed FILE` brings it into the centre, and the
 * simulator plays it. Ids are the file's own; events refer to departments, halls, counters and
 * officers by them.
 */
export const cityPlanSchema = z
  .strictObject({
    name: nameSchema,
    regions: z.array(regionSchema.strict()).min(1),
    departments: z.array(departmentSchema),
    halls: z.array(hallSchema),
    counters: z.array(counterSchema),
    officers: z.array(officerSchema),
    matters: z.array(matterSchema),
    /** Without credentials: a city's file is no place for them. A password in an address is moved at the next start. */
    cameras: z.array(cameraSchema.omit({ credentials: true }).strict()),
    screens: z.array(screenSchema),
    users: z.array(
      z.strictObject({ username: nameSchema, name: nameSchema, role: roleSchema, region: regionCodeSchema }),
    ),
    sources: z.array(
      z.strictObject({
        id: sourceIdSchema,
        name: nameSchema,
        kind: z.string(),
        region: regionCodeSchema,
        expectEverySeconds: z.int().min(0),
      }),
    ),
    /** Layouts, patrols and walls that the city begins with; afterwards they are people's. */
    layouts: z.array(plannedLayoutSchema).default([]),
    patrols: z.array(plannedPatrolSchema).default([]),
    walls: z.array(plannedWallSchema).default([]),
  })
  .superRefine((plan, context) => {
    for (const problem of wallProblems(plan)) context.addIssue({ code: 'custom', ...problem });
  });
export type CityPlan = z.infer<typeof cityPlanSchema>;
