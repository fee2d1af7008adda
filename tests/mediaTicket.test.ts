import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inScope, type MediaTicket, type TicketClaims, type User } from '@mingjing/contracts';
import { io, type Socket } from 'socket.io-client';
import { SMALL_CITY } from './helpers/city.ts';
import { freePort, openInstallation, type Installation } from './helpers/installation.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { startMedia, type RunningProcess } from './helpers/processes.ts';
import { CITY, OURS, THEIRS } from './helpers/two-counties.ts';
import { until } from './helpers/until.ts';

failOnLeaks();

const WITHIN_MS = 45_000;
let centre: Installation;
let media: RunningProcess;
const cookies: Record<string, string> = {};

// The leak check has hooks of its own around those of the group.
describe('a media ticket', () => {
  beforeAll(async () => {
    const port = await freePort();
    const cameras = SMALL_CITY.cameras.map((camera) => ({
      ...camera,
      source: { kind: 'generated' as const, label: camera.name, pattern: 1 },
    }));
    centre = await openInstallation({
      plan: { ...SMALL_CITY, cameras },
      env: { MINGJING_CENTRE_MEDIA_URL: `http://127.0.0.1:${port}` },
    });
    media = await startMedia({
      centreUrl: centre.url,
      token: centre.tokens['media']!,
      ticketKey: centre.secrets.ticketKey,
      env: { MINGJING_MEDIA_PORT: String(port) },
    });
    for (const username of ['admin', 'zz-inspector']) cookies[username] = await centre.signIn(username);
  }, 120_000);

  const viewers: Socket[] = [];
  afterAll(async () => {
    for (const socket of viewers) socket.disconnect();
    await media.stop();
    await centre.close();
  }, 60_000);

  test('is for one’s own region, and shows only its cameras', async () => {
    const cookie = cookies['zz-inspector']!;
    for (const region of [THEIRS, CITY]) {
      expect((await centre.call(`GET /api/media/ticket?region=${region}`, { cookie })).status).toBe(403);
    }
    const { body } = await centre.call('GET /api/media/ticket', { cookie });
    const { url, ticket } = body as MediaTicket;
    const claims = JSON.parse(Buffer.from(ticket.split('.')[0]!, 'base64url').toString()) as TicketClaims;
    expect(inScope(claims.region, OURS) && !inScope(claims.region, THEIRS)).toBe(true);
    const still = async (camera: string) => (await fetch(`${url}/still/${camera}?ticket=${ticket}`)).status;
    await until(
      () => still('zz-camera'),
      (status) => status === 200,
      WITHIN_MS,
    );
    expect(await still('dz-camera')).toBe(404);
  }, 60_000);

  test('ends within seconds with the right of whom it was given to', async () => {
    const admin = { cookie: cookies['admin']! };
    const name = { username: 'zz-short', password: 'ten characters' };
    const user = { ...name, name: '短', role: 'inspector', region: OURS };
    const { id } = (await centre.call('POST /api/users', { ...admin, body: user })).body as User;
    const signedIn = await centre.call('POST /api/session', { body: name });
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
    const { url, ticket } = (await centre.call('GET /api/media/ticket', { cookie })).body as MediaTicket;
    const watch = (): Socket => {
      const socket = io(url, { path: '/sfu', transports: ['websocket'], forceNew: true });
      viewers.push(socket);
      return socket;
    };
    const hello = (socket: Socket) => socket.timeout(WITHIN_MS).emitWithAck('hello', { ticket }) as unknown;
    const viewer = watch();
    expect(await hello(viewer)).toMatchObject({ ok: true });
    const other = watch();
    const mine = await centre.call('GET /api/media/ticket', { cookie: cookies['zz-inspector']! });
    const { ticket: lasting } = mine.body as MediaTicket;
    expect(await other.timeout(WITHIN_MS).emitWithAck('hello', { ticket: lasting })).toMatchObject({
      ok: true,
    });
    const dismissed = new Promise((resolve) => viewer.once('disconnect', resolve));
    const disabled = { ...admin, body: { disabled: true } };
    expect((await centre.call(`PATCH /api/users/${id}`, disabled)).status).toBe(200);
    // The ticket itself would be good for minutes.
    expect(await dismissed).toBe('io server disconnect');
    expect(await hello(watch())).toMatchObject({ ok: false });
    expect((await fetch(`${url}/still/zz-camera?ticket=${ticket}`)).status).toBe(401);
    expect(other.connected).toBe(true);
  }, 30_000);
});
