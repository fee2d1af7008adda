import path from 'node:path';
import { runner } from 'node-pg-migrate';

const MIGRATIONS = path.join(import.meta.dirname, '../../migrations');

/**
 * Brings a database to the newest schema. Migrations are numbered SQL files, append-only; each runs in
 * its own transaction. A second runner waits for the first.
 * @returns the names of the migrations that ran
 */
export async function migrate(databaseUrl: string, log: (line: string) => void = () => undefined) {
  const ran = await runner({
    databaseUrl,
    dir: MIGRATIONS,
    migrationsTable: 'migration',
    direction: 'up',
    singleTransaction: false,
    advisoryLockMode: 'wait',
    logger: {
      info: log,
      warn: log,
      error: log,
    },
  });
  return ran.map((migration) => migration.name);
}
