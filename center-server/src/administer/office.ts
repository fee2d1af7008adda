import { inScope } from '@mingjing/contracts';
import type { Actor } from '../auth/accounts.ts';
import type { Viewer } from '../auth/viewer.ts';
import type { Queryable } from '../store/database.ts';
import { isWholeCentre } from '../store/lookups/isWholeCentre.ts';

/** Who administers what cases are judged by, and for which part of the centre. */
export interface Office extends Actor {
  /** Null on the command line. */
  region: string | null;
  /** May change what holds everywhere. */
  whole: boolean;
}

/** What an administrator may change. */
export async function officeOf(db: Queryable, viewer: Viewer, at: number): Promise<Office> {
  const { username: actor, region } = viewer;
  return { actor, at, region, whole: await isWholeCentre(db, region) };
}

/** Whether something that holds in a region (everywhere, without one) is this office's own to change. */
export function isOwn({ whole, region: own }: Office, region: string | null | undefined): boolean {
  return whole || (own !== null && typeof region === 'string' && inScope(own, region));
}

/** Whether something that holds in a region is anything to this office: it lies in it, or around it. */
export function concerns(office: Office, region: string | null | undefined): boolean {
  if (office.region === null || region === null || region === undefined || isOwn(office, region)) return true;
  return inScope(region, office.region);
}

/** A version as an office may read it: what another county wrote about its own is not told. */
export function shownVersion<V extends { region: string | null; createdBy: string; note: string }>(
  office: Office,
  { region, ...version }: V,
): Omit<V, 'region'> {
  return concerns(office, region) ? version : { ...version, createdBy: '', note: '' };
}
