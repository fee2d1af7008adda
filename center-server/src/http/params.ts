import { identifierSchema, isStorableText, regionCodeSchema } from '@mingjing/contracts';
import { z } from 'zod';

/** A row's number in an address. */
export const idParams = z.strictObject({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });

/** An identifier that people or systems chose, in an address. */
export const nameParams = z.strictObject({ id: identifierSchema });

export const regionQuery = z.strictObject({ region: regionCodeSchema.optional() });

/** A page of a list by descending number. */
export const pageQuery = z.strictObject({
  before: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** Filters reach the store as text: what no store can hold is refused with its field's name. */
export function storable<T extends z.ZodObject>(schema: T): T {
  return schema.superRefine((values, context) => {
    for (const [key, value] of Object.entries(values as Record<string, unknown>)) {
      if (typeof value !== 'string' || isStorableText(value)) continue;
      context.addIssue({ code: 'custom', path: [key], message: 'holds a NUL or half a surrogate pair' });
    }
  });
}
