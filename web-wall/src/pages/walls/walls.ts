import type { Role } from '@mingjing/contracts';

/** Who decides what a wall shows, and who sets walls up; the centre holds to the same. */
export const WALL_OPERATORS: readonly Role[] = ['inspector', 'supervisor', 'administrator'];
export const WALL_BUILDERS: readonly Role[] = ['supervisor', 'administrator'];
