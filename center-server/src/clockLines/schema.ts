import { calendarNameSchema, instantSchema, parseInstant, type Budget } from '@mingjing/contracts';
import { DEFAULT_HOURS, openingsOf, zoneDaysOf } from '@mingjing/rules';
import { z } from 'zod';

const UNITS = ['workingDays', 'calendarDays', 'workingHours', 'until'] as const;
const amount = z.number().positive().max(100_000);
const units = {
  workingDays: amount.int().optional(),
  calendarDays: amount.int().optional(),
  workingHours: amount.optional(),
  until: instantSchema.optional(),
};

type Amounts = { [U in (typeof UNITS)[number]]?: number | string | undefined };

function oneUnit(value: Amounts, context: z.RefinementCtx): void {
  if (UNITS.filter((unit) => value[unit] !== undefined).length === 1) return;
  context.addIssue({ code: 'custom', message: `expected exactly one of ${UNITS.join(', ')}` });
}

/** The schema has seen to it that there is exactly one unit. */
function budgetOf({
  workingDays,
  calendarDays,
  workingHours,
  until,
}: z.output<z.ZodObject<typeof units>>): Budget {
  if (workingDays !== undefined) return { workingDays };
  if (calendarDays !== undefined) return { calendarDays };
  if (workingHours !== undefined) return { workingHours };
  return { until: until ?? '' };
}

const budgetSchema = z.strictObject(units).superRefine(oneUnit).transform(budgetOf);

const extensionSchema = z
  .strictObject({ at: instantSchema, ...units })
  .superRefine(oneUnit)
  .transform(({ at, ...by }) => ({ at: parseInstant(at), by: budgetOf(by) }));

const suspensionSchema = z
  .strictObject({ from: instantSchema, to: instantSchema.nullish() })
  .transform(({ from, to = null }) => ({
    from: parseInstant(from),
    to: to === null ? null : parseInstant(to),
  }))
  .refine(({ from, to }) => to === null || to >= from, {
    path: ['to'],
    message: 'expected null or a time that is not before "from"',
  });

/** Adds what a function of the rules refuses as an issue of this field; it names the field itself. */
function accepts(judge: (value: never) => unknown) {
  return (value: unknown, context: z.RefinementCtx): void => {
    try {
      judge(value as never);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      context.addIssue({ code: 'custom', message: error.message.replace(/^\w+: /, '') });
    }
  };
}

/**
 * One line of `mingjing clock`. What may be left out may also be null. Whatever is not named here is refused:
 * a field that is spelled wrong must not be passed over in silence.
 */
export const clockLineSchema = z
  .strictObject({
    id: z.union([z.string().max(256), z.number()]),
    zone: z
      .string()
      .max(64)
      .superRefine(accepts(zoneDaysOf))
      .nullish()
      .transform((zone) => zone ?? 'Asia/Shanghai'),
    calendar: calendarNameSchema.nullish().transform((calendar) => calendar ?? 'cn'),
    start: instantSchema,
    budget: budgetSchema,
    hours: z
      .array(z.tuple([z.string(), z.string()]))
      .superRefine(accepts(openingsOf))
      .nullish()
      .transform((hours) => hours ?? DEFAULT_HOURS),
    roll: z
      .enum(['next-working-day', 'none'])
      .nullish()
      .transform((roll) => roll ?? 'next-working-day'),
    extensions: z
      .array(extensionSchema)
      .max(1000)
      .nullish()
      .transform((extensions) => extensions ?? []),
    suspensions: z
      .array(suspensionSchema)
      .max(1000)
      .nullish()
      .transform((suspensions) => suspensions ?? []),
    end: instantSchema.nullish().transform((end) => end ?? null),
    asOf: instantSchema.nullish().transform((asOf) => asOf ?? null),
  })
  .superRefine(({ budget, extensions, end, asOf }, context) => {
    const [unit = ''] = Object.keys(budget);
    const other = extensions.findIndex(({ by }) => !(unit in by));
    if (other >= 0) {
      const path = ['extensions', other];
      context.addIssue({ code: 'custom', path, message: `expected ${unit}, the unit of the budget` });
    }
    if (end === null && asOf === null) {
      const message = 'expected the time at which a clock without an end is judged';
      context.addIssue({ code: 'custom', path: ['asOf'], message });
    }
  });
export type ClockLine = z.output<typeof clockLineSchema>;
