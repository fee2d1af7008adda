import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type {
  CameraTest,
  Discovery,
  MediaClientEvents,
  MediaServerEvents,
  MediaTicket,
  PtzCommand,
  PtzPresets,
} from '@mingjing/contracts';
import { io, type Socket } from 'socket.io-client';
import { SMALL_CITY } from './helpers/city.ts';
import { freePort, openInstallation, type Installation } from './helpers/installation.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { startOnvif, type OnvifCamera } from './helpers/onvif.ts';
import { startMedia, type RunningProcess } from './helpers/processes.ts';
import { startRtsp, type RtspServer } from './helpers/rtsp.ts';
import { until } from './helpers/until.ts';

failOnLeaks();

const run = promisify(execFile);
const WITHIN_MS = 45_000;
const PASSWORD = `p@ss/w#rd'%&"1`;
const USER = 'operator';
const credentials = { username: USER, password: PASSWORD };
const place = { region: '130681', hall: 'zz-hall', counter: 'zz-1' };

let centre: Installation;
let media: RunningProcess;
let rtsp: RtspServer;
let onvif: OnvifCamera;
let admin: string;
const sockets: (() => void)[] = [];
/** Everything that people were answered, and the command lines of all processes while a camera was open. */
const seen: string[] = [];

async function call(
  request: string,
  body?: unknown,
  cookie = admin,
): Promise<{ status: number; body: unknown }> {
  const answer = await centre.call(request, { cookie, ...(body === undefined ? {} : { body }) });
  seen.push(JSON.stringify(answer.body));
  return { status: answer.status, body: answer.body };
}

const source = () => ({ kind: 'rtsp' as const, url: rtsp.url });

interface Seat {
  steer: (command: PtzCommand) => Promise<string>;
  presets: () => Promise<PtzPresets>;
  holders: (string | null)[];
  leave: () => void;
}

/** Somebody at a wall: connected to the media host with a ticket. */
async function seat(username: string): Promise<Seat> {
  const cookie = await centre.signIn(username);
  const ticket = (await call('GET /api/media/ticket?region=130681', undefined, cookie)).body as MediaTicket;
  const socket: Socket<MediaServerEvents, MediaClientEvents> = io(media.url, {
    path: '/sfu',
    transports: ['websocket'],
    forceNew: true,
  });
  sockets.push(() => void socket.disconnect());
  const holders: (string | null)[] = [];
  socket.on('ptz', ({ holder }) => holders.push(holder));
  await new Promise<void>((resolve) => socket.on('connect', resolve));
  await socket.emitWithAck('hello', { ticket: ticket.ticket });
  return {
    holders,
    async steer(command) {
      const answer = await socket.emitWithAck('ptz', { camera: 'gate', command });
      return answer.ok ? 'done' : answer.reason;
    },
    async presets() {
      const answer = await socket.emitWithAck('presets', { camera: 'gate' });
      if (!answer.ok) throw new Error(answer.reason);
      return answer.value;
    },
    leave: () => socket.disconnect(),
  };
}

const operations = () => onvif.asked.map(({ operation }) => operation);
const audited = async (action: string) =>
  (
    await centre.pool.query<{ actor: string; detail: unknown }>(
      'SELECT actor, detail FROM audit_log WHERE action = $1',
      [action],
    )
  ).rows;

// The leak check has hooks of its own around those of the group.
describe('cameras that sign in and speak ONVIF', () => {
  beforeAll(async () => {
    rtsp = await startRtsp(
      { kind: 'pattern', gop: 15 },
      { sub: { kind: 'pattern', width: 320, height: 180 }, user: USER, password: PASSWORD },
    );
    const sub = rtsp.url.replace('/cam', '/sub');
    // Behind NAT a camera does not know its host; one that lies must lead nowhere.
    onvif = await startOnvif({ main: rtsp.url, sub, ...credentials, claimedHost: '169.254.169.254' });
    const mediaPort = await freePort();
    centre = await openInstallation({
      plan: { ...SMALL_CITY, cameras: [] },
      env: { MINGJING_CENTRE_MEDIA_URL: `http://127.0.0.1:${mediaPort}` },
    });
    media = await startMedia({
      ...{ centreUrl: centre.url, token: centre.tokens['media']!, ticketKey: centre.secrets.ticketKey },
      env: {
        MINGJING_MEDIA_PORT: String(mediaPort),
        MINGJING_MEDIA_DISCOVERY_TARGETS: onvif.discovery,
        MINGJING_MEDIA_REFRESH_MS: '500',
      },
    });
    admin = await centre.signIn('zz-admin');
  }, 120_000);

  afterAll(async () => {
    for (const leave of sockets) leave();
    await media.stop();
    await centre.close();
    await onvif.close();
    await rtsp.stop();
  }, 60_000);

  test('have a media host that the centre hears of, though nothing happens', async () => {
    const heard = async () =>
      (await centre.pool.query("SELECT FROM source WHERE id = 'media' AND last_seen_at IS NOT NULL"))
        .rowCount;
    expect(await until(heard, (found) => found === 1, WITHIN_MS)).toBe(1);
    expect((await centre.pool.query('SELECT FROM observation')).rowCount).toBe(0);
  });

  test('are tried before they are saved: what they send, how it will be had, and a picture', async () => {
    const wish = { region: '130681', source: source(), credentials, onvif: onvif.address };
    const good = (await call('POST /api/admin/cameras/test', wish)).body as CameraTest;
    expect(good).toMatchObject({
      ...{ ok: true, delivery: 'copy' },
      main: { ok: true, codec: 'h264', width: 640, height: 360, bFrames: false, gopSeconds: 1 },
      onvif: { ok: true, model: 'Mingjing Simulator & Co', ptz: true },
    });
    expect(good.main.fps).toBeCloseTo(15, 0);
    expect(Buffer.from(good.thumbnail!, 'base64').subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    const wrong = { ...wish, credentials: { ...credentials, password: 'wrong' } };
    const refused = (await call('POST /api/admin/cameras/test', wrong)).body as CameraTest;
    expect(refused).toMatchObject({
      ...{ ok: false, delivery: null, thumbnail: null },
      main: { ok: false, reason: expect.stringMatching(/拒绝登录 \(401/) },
      onvif: { ok: false, reason: expect.stringMatching(/拒绝登录 \(401/) },
    });
    const nobody = {
      region: '130681',
      source: { kind: 'rtsp', url: `rtsp://127.0.0.1:${await freePort()}/x` },
    };
    const away = (await call('POST /api/admin/cameras/test', nobody)).body as CameraTest;
    expect(away.main.reason).toContain('connection refused');
  }, 60_000);

  test('are found on the network, and lead to no other host', async () => {
    const begun = await call('POST /api/admin/cameras/discovery', {
      ...{ region: '130681', credentials, addresses: ['http://8.8.8.8/onvif/device_service'] },
    });
    expect(begun.status).toBe(201);
    const { found } = await until(
      async () =>
        (await call(`GET /api/admin/cameras/discovery/${(begun.body as Discovery).id}`)).body as Discovery,
      ({ state }) => state === 'done',
      WITHIN_MS,
    );
    expect(found.find(({ onvif: address }) => address === onvif.address)).toMatchObject({
      ...{ state: 'ready', name: '大厅 1', model: 'Simulator & Co', ptz: true },
      ...{ main: rtsp.url, sub: rtsp.url.replace('/cam', '/sub') },
    });
    expect(found.find(({ host }) => host === '8.8.8.8')).toMatchObject({
      ...{ state: 'failed', reason: expect.stringContaining('not permitted') },
    });
    const inspector = await centre.signIn('zz-inspector');
    const address = `GET /api/admin/cameras/discovery/${(begun.body as Discovery).id}`;
    expect((await call(address, undefined, inspector)).status).toBe(403);
    expect((await call(address, undefined, await centre.signIn('admin'))).status).toBe(404);
  }, 60_000);

  test('are added with a password, and play', async () => {
    const made = await call('POST /api/admin/cameras', {
      ...{ id: 'gate', name: '大门', ...place, source: source(), credentials, onvif: onvif.address },
    });
    expect(made).toMatchObject({ status: 201, body: { hasCredentials: true } });
    const ticket = (await call('GET /api/media/ticket?region=130681')).body as MediaTicket;
    const still = await until(
      () => fetch(`${media.url}/still/gate?ticket=${ticket.ticket}`),
      ({ status }) => status === 200,
      WITHIN_MS,
    );
    expect(still.headers.get('content-type')).toBe('image/jpeg');
  }, 60_000);

  test('tell what they see: once when it begins, once when it ends', async () => {
    const told = async () =>
      (
        await centre.pool.query<{ data: object }>(
          "SELECT data FROM observation WHERE kind = 'camera.event' ORDER BY seq",
        )
      ).rows.map(({ data }) => data);
    await until(operations, (all) => all.includes('PullMessages'), WITHIN_MS);
    onvif.say('VideoSource/GlobalSceneChange/ImagingService', 'State', false);
    onvif.say('RuleEngine/CellMotionDetector/Motion', 'IsMotion', true);
    onvif.say('RuleEngine/CellMotionDetector/Motion', 'IsMotion', true);
    await until(told, (all) => all.length === 2, WITHIN_MS);
    onvif.say('RuleEngine/CellMotionDetector/Motion', 'IsMotion', false);
    expect(await until(told, (all) => all.length === 3, WITHIN_MS)).toMatchObject([
      // It may have begun and ended while nobody listened.
      { camera: 'gate', topic: 'tamper', state: false },
      { camera: 'gate', region: '130681', topic: 'motion', state: true },
      { camera: 'gate', topic: 'motion', state: false },
    ]);
  }, 60_000);

  test('are steered by one at a time, and stop when nobody goes on wanting it', async () => {
    const first = await seat('zz-inspector');
    const second = await seat('inspector');
    expect(await second.presets()).toMatchObject({
      presets: [{ preset: '1', name: '门口' }],
      can: { move: true, absolute: false, home: true, presets: true },
      holder: null,
    });
    expect(await first.steer({ kind: 'move', pan: 0.5 })).toBe('done');
    expect(await second.steer({ kind: 'home' })).toBe('使用中：zz-inspector (in use by zz-inspector)');
    await until(
      () => second.holders,
      (all) => all.at(-1) === 'zz-inspector',
      WITHIN_MS,
    );
    await until(operations, (all) => all.includes('Stop'), 5000);
    expect(onvif.asked.find(({ operation }) => operation === 'ContinuousMove')?.body).toContain('x="0.5"');
    // The socket ends in the middle of a move.
    const stops = operations().filter((one) => one === 'Stop').length;
    expect(await first.steer({ kind: 'move', tilt: -1 })).toBe('done');
    first.leave();
    await until(operations, (all) => all.filter((one) => one === 'Stop').length === stops + 1, 5000);
    await until(
      () => second.holders,
      (all) => all.at(-1) === null,
      WITHIN_MS,
    );
    expect(await second.steer({ kind: 'savePreset', name: '窗口 <1>' })).toBe('done');
    expect([...onvif.presets.values()]).toContain('窗口 &lt;1&gt;');
    expect(await second.steer({ kind: 'release' })).toBe('done');
    await until(
      () => audited('camera.presetSaved'),
      (rows) => rows.length === 1,
      WITHIN_MS,
    );
    expect((await audited('camera.steered')).map(({ actor }) => actor)).toContain('zz-inspector');
  }, 60_000);

  test('never show a password: no answer, no log, no command line, no line of the audit log', async () => {
    const { stdout: processes } = await run('ps', ['-eo', 'args', '-ww'], { maxBuffer: 16 * 1024 * 1024 });
    const { rows } = await centre.pool.query('SELECT * FROM audit_log');
    // The camera itself may know it.
    const ours = processes.split('\n').filter((line) => !line.includes('rtsp.py'));
    const all = [...seen, ...ours, media.log(), centre.centre.log(), JSON.stringify(rows)].join('\n');
    expect(all).toContain('camera.tested');
    for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), 'p@ss', 'p%40ss'])
      expect([secret, all.includes(secret)]).toEqual([secret, false]);
  });
});
