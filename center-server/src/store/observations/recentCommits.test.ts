import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestCentre, type TestCentre } from '../../../../tests/helpers/centre.ts';
import type { NewObservation } from '../../ingest/check.ts';
import { createIngestWriter } from '../../ingest/writer.ts';
import { readAfter } from './readObservations.ts';
import { RecentCommits } from './recentCommits.ts';

let centre: TestCentre;
beforeAll(async () => {
  centre = await openTestCentre();
}, 60_000);
afterAll(() => centre.close());

const NOW = Date.parse('2026-11-22T09:41:07.123+08:00');

function rows(prefix: string, count: number, text = '{"region":"130681","a":[-0.5,"\\ud800 \\u0000"]}') {
  return Array.from({ length: count }, (_, index): NewObservation => {
    const from = { source: 'zz-approval', id: `${prefix}-${index}`, kind: 'heartbeat', region: '130681' };
    return { ...from, caseId: null, observedAt: NOW - index * 7, receivedAt: NOW, data: text };
  });
}

async function lastSeq(): Promise<number> {
  const found = await centre.pool.query<{ seq: number }>(
    'SELECT coalesce(max(last_seq), 0) AS seq FROM inbox_commit',
  );
  return found.rows[0]?.seq ?? 0;
}

test('what is handed over is what the store gives back, also of parts, and without duplicates', async () => {
  const recent = new RecentCommits();
  const writer = createIngestWriter(centre.pool, 1000, recent);
  const from = await lastSeq();
  await writer.submit('zz-approval', rows('a', 5));
  await writer.submit('zz-approval', [...rows('b', 3), ...rows('a', 2)]);
  await writer.submit('zz-approval', rows('a', 1));
  await writer.submit('zz-approval', rows('c', 4));
  for (const [after, most] of [
    [from, 12],
    [from + 2, 12],
    [from + 4, 3],
    [from, 1],
    [from + 11, 1],
  ] as const) {
    const stored = await readAfter(centre.pool, after, most, most);
    expect(stored?.observations.length).toBe(Math.min(most, from + 12 - after));
    expect(recent.between(after, stored?.last ?? 0)).toEqual(stored?.observations);
    expect(await readAfter(centre.pool, after, most, most)).toEqual(stored);
  }
});

test('where another node has stored between, or this one was restarted, the store is read', async () => {
  const recent = new RecentCommits();
  const mine = createIngestWriter(centre.pool, 1000, recent);
  const other = createIngestWriter(centre.pool, 1000);
  const from = await lastSeq();
  await other.submit('zz-approval', rows('before', 2));
  await mine.submit('zz-approval', rows('mine', 2));
  await other.submit('zz-approval', rows('between', 2));
  await mine.submit('zz-approval', rows('mine-too', 2));
  expect(recent.between(from, from + 8)).toBeUndefined();
  expect(recent.between(from + 2, from + 8)).toBeUndefined();
  expect(recent.between(from + 2, from + 4)).toHaveLength(2);
  const read = await readAfter(centre.pool, from, 8, undefined, recent);
  expect(read?.observations.map(({ id }) => id)).toEqual(
    ['before', 'mine', 'between', 'mine-too'].flatMap((prefix) => [`${prefix}-0`, `${prefix}-1`]),
  );
});

test('it holds a bounded share, forgets what was passed, and believes the newer of two commits', () => {
  const recent = new RecentCommits();
  for (let commit = 0; commit < 10; commit++) recent.add(1 + commit * 5000, rows(`n${commit}`, 5000));
  expect(recent.between(0, 20_000)).toHaveLength(20_000);
  expect(recent.between(0, 20_001)).toBeUndefined();
  recent.forgetUpTo(20_000);
  recent.add(20_001, rows('fits', 3));
  expect(recent.between(20_000, 20_003)).toHaveLength(3);
  recent.add(20_002, rows('anew', 1));
  expect(recent.between(20_000, 20_001)).toBeUndefined();
  expect(recent.between(20_001, 20_002)?.map(({ id }) => id)).toEqual(['anew-0']);
});
