import { ConfigError } from '@mingjing/contracts';
import type { Queryable } from '../store/database.ts';
import { listDemoUsers } from '../store/users/listDemoUsers.ts';

/**
 * Stops a production start beside sign-ins that anybody can read in the documentation.
 * @throws ConfigError naming them
 */
export async function refuseDemoUsers(db: Queryable, production: boolean): Promise<void> {
  if (!production) return;
  const names = await listDemoUsers(db);
  if (names.length === 0) return;
  throw new ConfigError(
    `centre.production: the demo users ${names.join(', ')} still have their demo password; ` +
      'give each a new one (mingjing user password NAME) or disable it (mingjing user disable NAME)',
  );
}
