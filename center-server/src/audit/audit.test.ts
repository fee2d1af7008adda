import type { AuditPage } from '@mingjing/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openTestCentre, type TestCentre } from '../../../tests/helpers/centre.ts';
import { recordAudit } from './appendAudit.ts';
import { verifyAudit } from './verifyAudit.ts';

let centre: TestCentre;
beforeAll(async () => {
  centre = await openTestCentre();
}, 60_000);
afterAll(() => centre.close());

describe('the audit log', () => {
  test('holds every privileged act, and each county reads its own', async () => {
    const admin = await centre.signIn('admin');
    await centre.call('POST /api/session', { body: { username: 'nobody', password: 'x' } });
    const user = { username: 'neu', name: 'n', role: 'leader', region: '130682', password: '0123456789' };
    await centre.call('POST /api/users', { cookie: admin, body: user });
    await centre.call('DELETE /api/sources/zz-approval', { cookie: admin });
    const read = async (name: string) => {
      const answer = await centre.call('GET /api/audit?limit=4', { cookie: await centre.signIn(name) });
      return (answer.body as AuditPage).entries.map(({ action, object }) =>
        `${action} ${object ?? ''}`.trim(),
      );
    };
    expect(await read('admin')).toEqual([
      'session.opened',
      'source.disabled zz-approval',
      'user.added neu',
      'session.refused',
    ]);
    expect(await read('zz-admin')).toEqual([
      'session.opened',
      'source.disabled zz-approval',
      'user.added zz-clerk',
      'user.added zz-inspector',
    ]);
    const all = await centre.pool.query<{ text: string }>('SELECT audit_log::text AS text FROM audit_log');
    expect(all.rows.some(({ text }) => text.includes('0123456789'))).toBe(false);
  });

  test('is one chain, also when many write at once', async () => {
    const entry = (n: number) => ({
      at: 1000 + n,
      actor: '并发',
      region: null,
      action: 'test',
      detail: { n, z: 1.5, a: '𠮷' },
    });
    await Promise.all(Array.from({ length: 30 }, (_, n) => recordAudit(centre.pool, entry(n))));
    const verdict = await verifyAudit(centre.pool);
    expect(verdict).toHaveProperty('head', expect.stringMatching(/^[0-9a-f]{64}$/));
  });

  test('refuses to be changed', async () => {
    await expect(centre.pool.query(`UPDATE audit_log SET actor = 'x'`)).rejects.toThrow('append-only');
    await expect(centre.pool.query('DELETE FROM audit_log')).rejects.toThrow('append-only');
  });

  test.each([
    ['a changed actor', `UPDATE audit_log SET actor = 'x' WHERE seq = 5`, 'line 5 was changed'],
    ['a changed detail', `UPDATE audit_log SET detail = '{"a":1}' WHERE seq = 6`, 'line 6 was changed'],
    ['a changed time', `UPDATE audit_log SET at = at + interval '1 ms' WHERE seq = 7`, 'line 7 was changed'],
    ['a missing line', 'DELETE FROM audit_log WHERE seq = 8', 'line 8 is missing'],
  ])('shows %s', async (_what, tamper, reason) => {
    const client = await centre.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('ALTER TABLE audit_log DISABLE TRIGGER audit_log_append_only');
      await client.query(tamper);
      expect(await verifyAudit(client)).toMatchObject({ ok: false, reason });
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });
});
