import { openDatabaseServer, type DatabaseServer } from './db-server.ts';

declare global {
  var mingjingDatabaseServer: DatabaseServer | undefined;
}

/** Runs once before all test files: opens the door to the run's database server. */
export default async function globalSetup(): Promise<void> {
  globalThis.mingjingDatabaseServer = await openDatabaseServer();
  process.env['MINGJING_TEST_DB'] = String(globalThis.mingjingDatabaseServer.port);
}
