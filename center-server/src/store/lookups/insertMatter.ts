import type { Matter } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';
import { putMatters } from '../plan/putMatters.ts';
import { getMatter } from './getMatter.ts';

/** Adds a matter. @returns false when there is one of this id */
export async function insertMatter(db: Queryable, matter: Matter): Promise<boolean> {
  if (await getMatter(db, matter.id)) return false;
  await putMatters(db, [matter]);
  return true;
}
