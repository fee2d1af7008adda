import type { Role } from '@mingjing/contracts';

/** Everybody who looks; a clerk handles cases and watches nobody: no wall, no alerts, no live feed. */
export const WATCHERS: readonly Role[] = ['inspector', 'leader', 'supervisor', 'administrator'];

/** Whether a role has the live feed and what comes with it. */
export function watches(role: Role | undefined): boolean {
  return role !== undefined && WATCHERS.includes(role);
}
