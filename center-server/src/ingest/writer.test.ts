import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestCentre, type TestCentre } from '../../../tests/helpers/centre.ts';
import type { NewObservation } from './check.ts';
import { createIngestWriter } from './writer.ts';

let centre: TestCentre;
beforeAll(async () => {
  centre = await openTestCentre();
}, 60_000);
afterAll(() => centre.close());

const NOW = Date.parse('2026-11-22T09:41:07.123+08:00');

function row(id: string, more: Partial<NewObservation> = {}): NewObservation {
  const from = { source: 'zz-approval', id, kind: 'heartbeat', region: '130681', caseId: null };
  return { ...from, observedAt: NOW, receivedAt: NOW, data: '{"region":"130681"}', ...more };
}

const batch = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => row(`${prefix}-${index}`));

const statuses = async (submitted: Promise<{ status: string }[]>) =>
  (await submitted).map(({ status }) => status);

async function storedIds(prefix: string): Promise<string[]> {
  const found = await centre.pool.query<{ id: string }>(
    'SELECT id FROM observation JOIN inbox USING (source, id) WHERE starts_with(id, $1) ORDER BY seq',
    [prefix],
  );
  return found.rows.map(({ id }) => id);
}

test('whatever text an event holds comes back as it was', async () => {
  const texts = ['\\N', '\\.', 'a\tb\nc\r\\d', '"\'', '涿州 🏛', 'null', ' x ', '\\\\', '\u0007\u001f\u2028'];
  const sent = texts.map((text) => row(`text ${text}`, { caseId: text, data: JSON.stringify({ text }) }));
  const writer = createIngestWriter(centre.pool, 1000);
  expect(await statuses(writer.submit('zz-approval', sent))).toEqual(texts.map(() => 'stored'));
  const found = await centre.pool.query<Record<string, unknown>>(
    `SELECT id, case_id, data::text, observed_at, received_at FROM observation WHERE starts_with(id, 'text ') ORDER BY seq`,
  );
  const at = new Date(NOW);
  expect(found.rows).toEqual(
    sent.map(({ id, caseId, data }) => ({ id, case_id: caseId, data, observed_at: at, received_at: at })),
  );
});

test('what is sent again is told from what is new, by a writer that remembers nothing as well', async () => {
  const first = createIngestWriter(centre.pool, 20_000);
  await first.submit('zz-approval', batch('again', 3000));
  // Large enough that the server refuses it while it is still being sent.
  const second = createIngestWriter(centre.pool, 20_000);
  for (const writer of [second, second, first]) {
    const result = await statuses(writer.submit('zz-approval', batch('again', 3000)));
    expect(new Set(result)).toEqual(new Set(['duplicate']));
  }
  const mixed = [
    row('again-new-0'),
    row('again-7'),
    row('again-new-1'),
    row('again-new-0'),
    row('again-2999'),
  ];
  expect(await statuses(second.submit('zz-approval', mixed))).toEqual([
    'stored',
    'duplicate',
    'stored',
    'duplicate',
    'duplicate',
  ]);
  const later = { receivedAt: NOW + 3_600_000 };
  expect(
    await statuses(second.submit('zz-approval', [row('again-new-2', later), row('again-1', later)])),
  ).toEqual(['stored', 'duplicate']);
  const expected = [...batch('again', 3000).map(({ id }) => id), ...[0, 1, 2].map((n) => `again-new-${n}`)];
  expect(await storedIds('again')).toEqual(expected);
  const keys = await centre.pool.query(`SELECT FROM inbox WHERE starts_with(id, 'again')`);
  expect(keys.rowCount).toBe(expected.length);
});

test('the same id of another source is another event, also while one of them sends again', async () => {
  const writer = createIngestWriter(centre.pool, 1000);
  const before = batch('looked', 2);
  await writer.submit('zz-approval', before);
  await writer.submit('zz-approval', before);
  const other = row('looked-0', { source: 'zz-approval:other' });
  expect(await statuses(writer.submit('zz-approval', [...before, other]))).toEqual([
    'duplicate',
    'duplicate',
    'stored',
  ]);
});

test('what the store cannot hold is refused alone', async () => {
  const writer = createIngestWriter(centre.pool, 1000);
  const rows = [...batch('held', 3), row('held-not', { data: '{"a":}' }), row('held-3')];
  expect(await statuses(writer.submit('zz-approval', rows))).toEqual([
    'stored',
    'stored',
    'stored',
    'rejected',
    'stored',
  ]);
  expect(await storedIds('held')).toEqual(['held-0', 'held-1', 'held-2', 'held-3']);
});
