import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { CHROMIUM, findProgram } from '../scripts/runtime/programs.ts';
import { openTestCentre, type TestCentre } from './helpers/centre.ts';

const MAIN = path.resolve(import.meta.dirname, '../collectors/src/main.ts');
const LONG = 60_000;

let centre: TestCentre;
let counter: Server;

let folder: string;
let collectors: ChildProcess;
let said = '';

beforeAll(async () => {
  centre = await openTestCentre();
  centre.clock.now = Date.now();
  folder = mkdtempSync(path.join(tmpdir(), 'mingjing-screens-'));
  const html = '<body><h1>一号窗口</h1>';
  counter = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><meta charset="utf-8">${html}`);
  });
  await new Promise<void>((resolve) => counter.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(counter.address() as AddressInfo).port}/`;
  await centre.pool.query('DELETE FROM screen WHERE id = $1', ['dz-screen']);
  await centre.pool.query('UPDATE screen SET url = $1', [url]);
  const cookie = await centre.signIn('admin');
  const source = {
    id: 'collectors',
    name: '采集',
    kind: 'collectors',
    region: '130600',
    expectEverySeconds: 0,
  };
  const { status, body } = await centre.call('POST /api/sources', { cookie, body: source });
  expect(status).toBe(201);
  const env = {
    ...{ PATH: process.env['PATH'], MINGJING_COLLECTORS_CENTRE_URL: centre.url },
    ...{ MINGJING_COLLECTORS_TOKEN: (body as { token: string }).token },
    ...{ MINGJING_COLLECTORS_CHROMIUM: findProgram(CHROMIUM), MINGJING_COLLECTORS_OUTBOX_DIR: folder },
    ...{ MINGJING_COLLECTORS_KINDS: JSON.stringify([{ kind: 'screen', everyMs: 200 }]) },
  };
  collectors = spawn(process.execPath, [MAIN], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
  collectors.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
}, LONG);
afterAll(async () => {
  const ended = new Promise((resolve) => collectors.once('exit', resolve));
  collectors.kill('SIGTERM');
  await ended;
  await new Promise((resolve) => counter.close(resolve).closeAllConnections());
  await centre.close();
  rmSync(folder, { recursive: true });
}, LONG);

interface Seen {
  changed: boolean;
  masked: boolean;
  image?: { sha256: string; bytes: number };
}
/** What the centre has been told of the screen, oldest first, once there is as much as wanted. */
async function pictures(count: number): Promise<Seen[]> {
  for (;;) {
    const sql = `SELECT data FROM observation WHERE kind = 'screen.captured' AND data->>'changed' = 'true' ORDER BY seq`;
    const { rows } = await centre.pool.query<{ data: Seen }>(sql);
    if (rows.length >= count) return rows.map(({ data }) => data);
    if (collectors.exitCode !== null) throw new Error(said);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

it(
  'brings a counter’s screen, masked, to the centre: the picture first, then the news of it',
  async () => {
    const [first] = await pictures(1);
    expect(first).toMatchObject({ region: '130681', screen: 'zz-screen', changed: true, masked: true });
    const kept = await centre.blobs.get(first!.image!.sha256);
    expect(kept?.byteLength).toBe(first!.image!.bytes);
    expect(kept?.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
  },
  LONG,
);
