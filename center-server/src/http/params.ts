import { identifierSchema, isStorableText, parseInstant, regionCodeSchema } from '@mingjing/contracts';
import { z } from 'zod';
import { wrong } from './place.ts';

/** A row's number in an address. */
export const idParams = z.strictObject({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });

/** An identifier that people or systems chose, in an address. */
export const nameParams = z.strictObject({ id: identifierSchema });

/** A version's number, or a year, in an address. */
export const versionParams = z.strictObject({
  version: z.coerce
    .number()
    .int()
    .min(1)
    .max(2 ** 31 - 1),
});
export const yearParams = z.strictObject({ year: z.coerce.number().int().min(1970).max(2199) });

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

/** The latest instant that may be asked about: the end of 2199. */
const LATEST_MS = 7_258_118_399_999;

/**
 * Reads an instant of an address: ms since the epoch, or a time with an offset.
 * @throws ProblemError naming the field
 */
export function instantOf(field: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,13}$/.test(text) && Number(text) <= LATEST_MS) return Number(text);
  try {
    return parseInstant(text);
  } catch (error) {
    throw wrong(field, error instanceof Error ? error.message : String(error));
  }
}
