import { z } from 'zod';

/** Text that a store and a screen can carry unchanged: no NUL, no half surrogate. */
export function isStorableText(value: string): boolean {
  return !value.includes('\u0000') && value.isWellFormed();
}

const STORABLE = 'holds a NUL or half a surrogate pair, which no store can give back unchanged';

/** A short name or number: 1 to 200 characters, any script. */
export const nameSchema = z.string().min(1).max(200).refine(isStorableText, STORABLE);

/** Free text that people write: up to 4,000 characters. */
export const textSchema = z.string().max(4000).refine(isStorableText, STORABLE);

/** An identifier given by a source system: 1 to 256 characters. */
export const identifierSchema = z.string().min(1).max(256).refine(isStorableText, STORABLE);

/** The id of a source of observations: letters (of any script), digits, dot, dash, underscore; at most 64. */
export const sourceIdSchema = z
  .string()
  .regex(/^[\p{L}\p{N}._-]{1,64}$/u, 'expected 1 to 64 letters, digits, dots, dashes or underscores');
