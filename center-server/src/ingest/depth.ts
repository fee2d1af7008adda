/** Events nest a few levels. What nests deeper than this is none, and would exhaust whoever walks it. */
export const MAX_DEPTH = 64;

/** Whether a JSON value nests deeper than MAX_DEPTH. Looks no deeper than that itself. */
export function isTooDeep(value: unknown, left = MAX_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (left === 0) return true;
  // Every event passes here: a loop over what is there makes no list of it first.
  for (const key in value) if (isTooDeep((value as Record<string, unknown>)[key], left - 1)) return true;
  return false;
}
