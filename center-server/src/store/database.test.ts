import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../tests/helpers/db.ts';
import { asProblem } from '../http/problems.ts';
import { LOCKS } from './locks.ts';
import { inTransaction, openPool, type Pool } from './database.ts';

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase({ empty: true });
  pool = openPool(database.url, 2, () => undefined);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

describe('a database that goes away', () => {
  test('in the middle of a transaction ends the transaction, not the process', async () => {
    const work = inTransaction(pool, async (client) => {
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      // Nothing is being asked on this connection when it breaks: only the event tells of it.
      const ended = new Promise((resolve) => client.once('end', resolve));
      await pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
      await ended;
      await client.query('SELECT 1');
    });
    const error = await work.then(
      () => undefined,
      (failure: unknown) => failure,
    );
    expect(asProblem(error)).toMatchObject({ kind: 'unavailable' });
    expect(await inTransaction(pool, (client) => client.query('SELECT 1'))).toMatchObject({ rowCount: 1 });
  });

  test('and lets callers hang is told to them after a while', async () => {
    const silent = net.createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as net.AddressInfo;
    const hung = openPool(`postgresql://x@127.0.0.1:${port}/x`, 1, () => undefined, { connectWithinMs: 50 });
    const error = await hung.query('SELECT 1').then(
      () => undefined,
      (failure: unknown) => failure,
    );
    expect(asProblem(error)).toMatchObject({ kind: 'unavailable' });
    await hung.end();
    silent.close();
  });
});

test('no two uses share an advisory lock', () => {
  const numbers = Object.values(LOCKS);
  expect(new Set(numbers).size).toBe(numbers.length);
});
