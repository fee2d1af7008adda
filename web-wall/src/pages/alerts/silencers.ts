import type { Role } from '@mingjing/contracts';

/** Whoever answers for what is watched; leaders are told, and silence nobody. */
export function maySilence(role: Role | undefined): boolean {
  return role === 'inspector' || role === 'supervisor' || role === 'administrator';
}
