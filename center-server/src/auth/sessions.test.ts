import { once } from 'node:events';
import type { AuditPage, CreatedSource, SourceState, User } from '@mingjing/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openTestCentre, PASSWORD, type TestCentre } from '../../../tests/helpers/centre.ts';

let centre: TestCentre;
beforeAll(async () => {
  centre = await openTestCentre();
}, 60_000);
afterAll(() => centre.close());

async function userId(username: string): Promise<number> {
  const cookie = await centre.signIn('admin');
  const { body } = await centre.call('GET /api/users', { cookie });
  return (body as User[]).find((user) => user.username === username)!.id;
}

async function auditOf(username: string) {
  const { body } = await centre.call('GET /api/audit', { cookie: await centre.signIn(username) });
  return (body as AuditPage).entries;
}

describe('signing in', () => {
  test('gives a session and an HttpOnly, SameSite=Strict cookie', async () => {
    const answer = await centre.call('POST /api/session', {
      body: { username: 'inspector', password: PASSWORD },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.getSetCookie()[0]).toMatch(/^mj_session=[\w-]{43};.*HttpOnly; SameSite=Strict$/);
    expect(answer.body).toMatchObject({
      user: { username: 'inspector', role: 'inspector', region: '130600' },
      region: { name: '保定市' },
      expiresAt: centre.clock.now + 12 * 3_600_000,
    });
    const kept = await centre.pool.query<{ password_hash: string }>('SELECT password_hash FROM app_user');
    expect(kept.rows.every((row) => row.password_hash.startsWith('$argon2id$'))).toBe(true);
  });

  test.each([
    ['a wrong password', 'inspector', 'wrong'],
    ['an unknown name', 'nobody', PASSWORD],
    ['no password', 'inspector', ''],
  ])('is refused with %s', async (_what, username, password) => {
    const answer = await centre.call('POST /api/session', { body: { username, password } });
    expect(answer.status).toBe(password === '' ? 400 : 401);
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  test('a session slides while it is used, and ends when it is not', async () => {
    const cookie = await centre.signIn('inspector');
    const began = centre.clock.now;
    centre.clock.now = began + 11 * 3_600_000;
    const used = await centre.call('GET /api/session', { cookie });
    expect(used.body).toMatchObject({ expiresAt: began + 23 * 3_600_000 });
    expect(used.headers.getSetCookie()).toHaveLength(1);
    centre.clock.now = began + 23 * 3_600_000;
    expect((await centre.call('GET /api/session', { cookie })).status).toBe(401);
  });

  test('signing out ends the session and tells so', async () => {
    const cookie = await centre.signIn('zz-inspector');
    const { sessionId } = (await centre.sessions.viewerFromCookie(cookie))!;
    const told = once(centre.endings.events, 'ended');
    expect((await centre.call('DELETE /api/session', { cookie })).status).toBe(204);
    expect(await told).toEqual([sessionId]);
    expect((await centre.call('GET /api/session', { cookie })).status).toBe(401);
    // A second sign-out ends nothing, and says nothing.
    expect((await centre.call('DELETE /api/session', { cookie })).status).toBe(204);
    const closed = (await auditOf('zz-admin')).filter(({ action }) => action === 'session.closed');
    expect(closed).toMatchObject([{ actor: 'zz-inspector', region: '130681' }]);
  });

  test('a forged or foreign cookie is nobody', async () => {
    for (const cookie of ['mj_session=', `mj_session=${'A'.repeat(43)}`, 'other=1', 'mj_session=\u00e9;;=']) {
      expect(await centre.sessions.viewerFromCookie(cookie)).toBeUndefined();
    }
  });
});

describe('an administrator', () => {
  test('who disables a user ends its sessions at once', async () => {
    const cookie = await centre.signIn('dz-inspector');
    const admin = await centre.signIn('admin');
    const id = await userId('dz-inspector');
    const told = once(centre.endings.events, 'ended');
    const answer = await centre.call(`PATCH /api/users/${id}`, { cookie: admin, body: { disabled: true } });
    expect(answer.body).toMatchObject({ disabled: true });
    await told;
    expect((await centre.call('GET /api/session', { cookie })).status).toBe(401);
    const again = await centre.call('POST /api/session', {
      body: { username: 'dz-inspector', password: PASSWORD },
    });
    expect(again.status).toBe(401);
  });

  test('manages only users of the own region', async () => {
    const cookie = await centre.signIn('zz-admin');
    const { body } = await centre.call('GET /api/users', { cookie });
    expect((body as User[]).map((user) => user.username).sort()).toEqual([
      'zz-admin',
      'zz-clerk',
      'zz-inspector',
    ]);
    const outside = await userId('dz-inspector');
    const patched = await centre.call(`PATCH /api/users/${outside}`, { cookie, body: { name: 'x' } });
    expect(patched.status).toBe(404);
    const own = await userId('zz-clerk');
    const raised = await centre.call(`PATCH /api/users/${own}`, { cookie, body: { region: '130600' } });
    expect(raised.status).toBe(403);
    const user = { username: 'new', name: 'n', role: 'leader', region: '130682', password: '0123456789' };
    expect((await centre.call('POST /api/users', { cookie, body: user })).status).toBe(403);
  });

  test('cannot lock the own account out', async () => {
    const cookie = await centre.signIn('admin');
    const id = await userId('admin');
    for (const body of [{ disabled: true }, { role: 'clerk' }, { region: '130681' }]) {
      expect((await centre.call(`PATCH /api/users/${id}`, { cookie, body })).status).toBe(409);
    }
  });
});

describe('a source', () => {
  test('speaks by its token until it is disabled', async () => {
    const cookie = await centre.signIn('admin');
    const source = { id: '新源-1', name: '新', kind: 'http-push', region: '130681' };
    const made = await centre.call('POST /api/sources', { cookie, body: source });
    expect(made.status).toBe(201);
    const { token } = made.body as { token: string };
    expect((await centre.call('GET /api/report/overdue', { token })).status).toBe(200);
    expect((await centre.call('GET /api/report/overdue?source=dz-approval', { token })).status).toBe(403);
    expect((await centre.call('GET /api/service/cameras', { token })).status).toBe(403);
    expect((await centre.call('POST /api/sources', { cookie, body: source })).status).toBe(409);
    const gone = await centre.call(`DELETE /api/sources/${encodeURIComponent('新源-1')}`, { cookie });
    expect(gone.status).toBe(204);
    expect((await centre.call('GET /api/report/overdue', { token })).status).toBe(401);
  });

  test('gets a new token from its own administrator; the old one is refused, and the act is on record', async () => {
    const cookie = await centre.signIn('zz-admin');
    const old = centre.tokens['zz-approval']!;
    await centre.call('DELETE /api/sources/zz-approval', { cookie });
    const answer = await centre.call('POST /api/sources/zz-approval/token', { cookie });
    expect(answer.status).toBe(200);
    const { token } = answer.body as CreatedSource;
    expect((await centre.call('GET /api/report/overdue', { token })).status).toBe(200);
    expect((await centre.call('GET /api/report/overdue', { token: old })).status).toBe(401);
    const { body } = await centre.call('GET /api/sources', { cookie });
    expect((body as SourceState[]).find(({ id }) => id === 'zz-approval')).toMatchObject({ disabled: false });
    const [rotated] = (await auditOf('zz-admin')).filter(({ action }) => action === 'source.rotated');
    expect(rotated).toMatchObject({ actor: 'zz-admin', object: 'zz-approval', region: '130681' });
    expect(JSON.stringify(rotated)).not.toContain(token);
  });
});
