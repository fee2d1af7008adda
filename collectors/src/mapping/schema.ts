import { calendarNameSchema, dataSchemaOf, outcomeSchema, regionCodeSchema } from '@mingjing/contracts';
import { z } from 'zod';
import { isZone } from './times.ts';

const attribute = z
  .string()
  .min(1)
  .describe('the key of an attribute (or column); a nested one as parent/child');

/** A value from an attribute, translated by `values` where they are given, or the same for every case. */
const fieldSchema = z.union([
  z.strictObject({ attribute, values: z.record(z.string(), z.string()).optional() }),
  z.strictObject({ value: z.string().min(1) }),
]);
export type Field = z.infer<typeof fieldSchema>;

/** What an activity becomes. Without an entry it is a stage of the activity's own name. */
const activitySchema = z.union([
  z.strictObject({ ignore: z.literal(true) }),
  z.strictObject({ stage: z.string().min(1).max(200) }),
  z.strictObject({
    kind: z.string().refine((kind) => dataSchemaOf(kind) !== undefined, 'expected a kind of observation'),
    data: z.record(z.string(), z.unknown()).optional(),
  }),
]);

/** 时限: the planned deadline of each case, a number of working or calendar days, or none. */
export const clockSchema = z.union([
  z.literal('none'),
  z.literal('deadline'),
  z.strictObject({ workingDays: z.int().min(1).max(100_000) }),
  z.strictObject({ calendarDays: z.int().min(1).max(100_000) }),
]);
export type Clock = z.infer<typeof clockSchema>;

/** How a log (XES) or a table (CSV) becomes observations: one YAML file. */
export const mappingSchema = z.strictObject({
  name: z.string().min(1).max(100),
  description: z.string().optional(),
  /** Taken by itself for a log that holds all of these; without it only when it is asked for. */
  chosenWhen: z
    .strictObject({
      traceAttributes: z.array(attribute).min(1).optional(),
      activities: z.array(z.string().min(1)).min(1).optional(),
    })
    .optional(),
  /** Whose cases they are: a division code. */
  region: regionCodeSchema,
  /** IANA zone of times without an offset, and in which the clock counts its days. */
  zone: z
    .string()
    .refine(isZone, 'expected an IANA time zone such as Asia/Shanghai')
    .default('Asia/Shanghai'),
  calendar: calendarNameSchema.optional(),
  caseNo: z.strictObject({ attribute, prefix: z.string().max(56).default('') }),
  department: fieldSchema.optional(),
  matter: fieldSchema.optional(),
  title: fieldSchema.optional(),
  applicant: fieldSchema.optional(),
  /** One of counter, online, post, other (after `values`); anything else counts as other. */
  channel: fieldSchema.optional(),
  /** Who is responsible for the case as a whole. */
  responsible: fieldSchema.optional(),
  /** When the clock starts: case.accepted. */
  start: z.strictObject({
    attribute: attribute.optional(),
    otherwise: z.enum(['first-event', 'none']).default('first-event'),
  }),
  /** When the clock stops: case.decided. The attribute, else the last of these activities, else as said. */
  end: z.strictObject({
    attribute: attribute.optional(),
    activities: z.array(z.string().min(1)).min(1).optional(),
    otherwise: z.enum(['last-event', 'none']).default('none'),
    outcome: outcomeSchema.optional(),
  }),
  deadline: z.strictObject({ attribute }).optional(),
  clock: clockSchema.default('none'),
  event: z
    .strictObject({
      activity: attribute.default('concept:name'),
      time: attribute.default('time:timestamp'),
      lifecycle: attribute.default('lifecycle:transition'),
      officer: attribute.default('org:resource'),
    })
    .prefault({}),
  activities: z.record(z.string(), activitySchema).default({}),
  /** Only for tables. */
  csv: z
    .strictObject({
      /** One row per event, or one row per case without events of its own. */
      rows: z.enum(['event', 'case']).default('event'),
      delimiter: z.string().length(1).default(','),
      encoding: z.string().default('utf-8'),
    })
    .prefault({}),
});
export type Mapping = z.infer<typeof mappingSchema>;
