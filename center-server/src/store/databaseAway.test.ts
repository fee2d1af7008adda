import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CLOUDEVENT_BATCH } from '@mingjing/contracts';
import {
  caseEvent,
  openInstallation,
  PASSWORD,
  type Installation,
} from '../../../tests/helpers/installation.ts';
import { until } from '../../../tests/helpers/until.ts';

const SENDERS = 6;
const EACH = 25;
const CUTS = 30;

let centre: Installation;
beforeAll(async () => {
  centre = await openInstallation();
}, 120_000);
afterAll(() => centre.close(), 60_000);

/** Ends every connection to the database but the one that asks for it, as a restart of the database does. */
async function cut(): Promise<void> {
  await centre.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
}

test('a database that breaks off again and again costs nothing that was accepted', async () => {
  const { pid } = centre.centre;
  const others = new Set<number>();
  const token = centre.tokens['zz-approval']!;
  const time = new Date(Date.now() - 1000).toISOString();
  const send = async (sender: number) => {
    for (let n = 0; n < EACH; n += 1) {
      const event = caseEvent('case.accepted', time, { caseNo: `${sender}-${n}` }, { id: `${sender}-${n}` });
      const headers = { 'content-type': CLOUDEVENT_BATCH };
      const post = () => centre.call('POST /api/ingest', { token, headers, body: [event] });
      for (let answer = await post(); answer.status !== 200; answer = await post()) others.add(answer.status);
    }
  };
  const sending = Promise.all(Array.from({ length: SENDERS }, (_, sender) => send(sender)));
  for (let n = 0; n < CUTS; n += 1) {
    await cut();
    await centre.call('GET /readyz');
  }
  await sending;
  await centre.settled();

  // Not one answer said anything but "try again soon".
  expect([...others].filter((status) => status !== 503)).toEqual([]);
  const count = (table: string) =>
    centre.pool.query<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).then(({ rows }) => rows[0]?.n);
  expect(await count('observation')).toBe(SENDERS * EACH);
  expect(await count('case_state')).toBe(SENDERS * EACH);
  // The same process, and it hears of its inbox and of ended sessions as before.
  expect(() => process.kill(pid, 0)).not.toThrow();
  const ready = await until(
    () => centre.call('GET /readyz'),
    ({ status }) => status === 200,
    10_000,
  );
  expect(ready.status).toBe(200);
  const body = { username: 'admin', password: PASSWORD };
  expect((await centre.call('POST /api/session', { body })).status).toBe(200);
}, 120_000);
