/** Events nest a few levels. What nests deeper than this is none, and would exhaust whoever walks it. */
export const MAX_DEPTH = 64;

/** Whether a JSON value nests deeper than MAX_DEPTH. Looks no deeper than that itself. */
export function isTooDeep(value: unknown, left = MAX_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return left === 0 || Object.values(value).some((inner) => isTooDeep(inner, left - 1));
}
