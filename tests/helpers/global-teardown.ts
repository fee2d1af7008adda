/** Runs once after all test files: stops the database server, if a test has used it. */
export default async function globalTeardown(): Promise<void> {
  await globalThis.mingjingDatabaseServer?.close();
}
