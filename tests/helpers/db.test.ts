import { afterAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from './db.ts';

const made: TestDatabase[] = [];
afterAll(async () => {
  await Promise.all(made.map((database) => database.drop()));
});

async function connect(): Promise<pg.Client> {
  const database = await createTestDatabase();
  made.push(database);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  return client;
}

test('each test file has a PostgreSQL 17 database of its own, in UTC', async () => {
  const [one, two] = await Promise.all([connect(), connect()]);
  await one.query('CREATE TABLE only_here (id int)');
  const { rows } = await two.query(
    `SELECT to_regclass('only_here') AS found, current_setting('server_version_num')::int / 10000 AS major,
            current_setting('TimeZone') AS zone`,
  );
  expect(rows).toEqual([{ found: null, major: 17, zone: 'UTC' }]);
  await Promise.all([one.end(), two.end()]);
});
