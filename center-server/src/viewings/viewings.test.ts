import { randomUUID } from 'node:crypto';
import type { AuditPage, Viewing } from '@mingjing/contracts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestCentre, type TestCentre } from '../../../tests/helpers/centre.ts';
import { verifyAudit } from '../audit/verifyAudit.ts';
import { removeOldViewings } from './keepViewings.ts';
import { verifyViewings } from './verifyViewings.ts';

const HOUR_MS = 3_600_000;

let centre: TestCentre;
beforeAll(async () => {
  centre = await openTestCentre();
}, 60_000);
afterAll(() => centre.close());

function viewing(startedAt: number, endedAt: number | null, more: Partial<Viewing> = {}): Viewing {
  return {
    ...{ id: randomUUID(), camera: 'zz-camera', user: 'zz-inspector', quality: 'main', carriedBy: 'webrtc' },
    ...{ startedAt, endedAt, ...more },
  };
}

async function tell(...viewings: Viewing[]): Promise<void> {
  const token = centre.tokens['media']!;
  const { status } = await centre.call('POST /api/service/viewings', { token, body: viewings });
  expect(status).toBe(200);
}

async function seals(): Promise<AuditPage['entries']> {
  const cookie = await centre.signIn('admin');
  const { entries } = (await centre.call('GET /api/audit?limit=50', { cookie })).body as AuditPage;
  return entries.filter(({ action }) => action === 'viewings.sealed');
}

const start = Date.parse('2026-11-20T09:00:00+08:00');
const going = viewing(start, null);
const over = viewing(start, start + 1000);

test('viewings that have ended are sealed by one line of the audit log, those that go on later', async () => {
  await tell(going, over);
  expect((await seals()).map(({ actor, detail }) => [actor, detail['count']])).toEqual([['source:media', 1]]);
  await tell(going);
  expect(await seals()).toHaveLength(1);
  const ended = { ...going, endedAt: start + HOUR_MS };
  await tell(ended, viewing(start + HOUR_MS, start + 2 * HOUR_MS));
  expect((await seals())[0]).toMatchObject({ detail: { count: 2, from: start, until: start + 2 * HOUR_MS } });
  expect(await verifyViewings(centre.pool)).toEqual({ ok: true, viewings: 3 });
});

test('what is sealed stays as it is, whatever the media host says of it later', async () => {
  await tell({ ...over, endedAt: start + 9000, quality: 'sub' });
  const found = await centre.pool.query<{ quality: string; ended: Date }>(
    'SELECT quality, ended_at AS ended FROM viewing WHERE id = $1',
    [over.id],
  );
  expect(found.rows).toEqual([{ quality: 'main', ended: new Date(start + 1000) }]);
  expect(await verifyViewings(centre.pool)).toMatchObject({ ok: true });
});

test.each([
  ['a changed user', `UPDATE viewing SET username = 'nobody' WHERE id = '${over.id}'`, 'was changed'],
  [
    'a changed end',
    `UPDATE viewing SET ended_at = ended_at - interval '1 ms' WHERE id = '${over.id}'`,
    'was changed',
  ],
  ['a missing viewing', `DELETE FROM viewing WHERE id = '${going.id}'`, '1 of the 2 viewings'],
  ['a seal of which nothing is left', `DELETE FROM viewing WHERE id = '${over.id}'`, '0 of the 1 viewings'],
  [
    'a viewing put under a seal',
    `UPDATE viewing SET sealed_by = 1 + sealed_by WHERE id = '${over.id}'`,
    '0 of the 1',
  ],
])('shows %s', async (_what, tamper, reason) => {
  const client = await centre.pool.connect();
  try {
    await client.query('BEGIN');
    expect((await client.query(tamper)).rowCount).toBe(1);
    const verdict = await verifyViewings(client);
    expect(verdict).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
});

test('those whose time is over go by whole seals, and that they went is in the log', async () => {
  const at = centre.clock.now;
  // The second seal holds one that ended later.
  expect(await removeOldViewings(centre.pool, start + HOUR_MS + 1, at)).toBe(1);
  expect(await verifyViewings(centre.pool)).toEqual({ ok: true, viewings: 2 });
  expect(await removeOldViewings(centre.pool, start + 3 * HOUR_MS, at)).toBe(2);
  expect(await removeOldViewings(centre.pool, start + 3 * HOUR_MS, at)).toBe(0);
  expect(await verifyViewings(centre.pool)).toEqual({ ok: true, viewings: 0 });
  expect(await verifyAudit(centre.pool)).toMatchObject({ ok: true });
});
