import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Unmasking } from '@mingjing/contracts';
import puppeteer, { type Browser, type Page } from 'puppeteer';
import { CHROMIUM, findProgram } from '../scripts/runtime/programs.ts';
import { openInstallation, type Installation } from './helpers/installation.ts';
import { until } from './helpers/until.ts';

const CLI = path.resolve(import.meta.dirname, '../collectors/src/cli/screenAgent.ts');
const LONG = 120_000;
const WITHIN_MS = 40_000;

let centre: Installation;
let clerk: Browser;
let page: Page;
let counter: Server;
let folder: string;
let agent: ChildProcess;
let said = '';
let admin: string;

async function tokenOf(screen: string, change: object): Promise<string> {
  const changed = await centre.call(`PATCH /api/admin/screens/${screen}`, { cookie: admin, body: change });
  expect([changed.status, changed.body]).toEqual([200, expect.objectContaining({ id: screen })]);
  const made = await centre.call(`POST /api/admin/screens/${screen}/token`, { cookie: admin, body: {} });
  return (made.body as { token: string }).token;
}

beforeAll(async () => {
  centre = await openInstallation();
  admin = await centre.signIn('admin');
  counter = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(
      '<!doctype html><meta charset="utf-8"><title>窗口</title><h1 id="step">第 0 步</h1><input value="秘密">',
    );
  });
  await new Promise<void>((resolve) => counter.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(counter.address() as AddressInfo).port}/`;
  folder = mkdtempSync(path.join(tmpdir(), 'mingjing-screen-agents-'));
  clerk = await puppeteer.launch({
    ...{
      executablePath: findProgram(CHROMIUM) ?? '',
      headless: true,
      userDataDir: path.join(folder, 'profile'),
    },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
    ],
  });
  [page] = (await clerk.pages()) as [Page];
  await page.goto(url);
  const token = await tokenOf('zz-screen', { via: 'agent', url, everyMs: 500 });
  const { port } = new URL(clerk.wsEndpoint());
  agent = spawn(
    process.execPath,
    [CLI, '--cdp', `http://127.0.0.1:${port}`, '--outbox', path.join(folder, 'out')],
    {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        MINGJING_COLLECTORS_CENTRE_URL: centre.url,
        MINGJING_COLLECTORS_TOKEN: token,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  agent.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
}, LONG);
afterAll(async () => {
  const ended = new Promise((resolve) => agent.once('exit', resolve));
  agent.kill('SIGTERM');
  await ended;
  await clerk.close();
  await new Promise((resolve) => counter.close(resolve).closeAllConnections());
  await centre.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}, LONG);

interface Seen {
  changed: boolean;
  masked: boolean;
  image?: { sha256: string };
}
/** What the centre has been told of a screen, once it is enough. */
function seen(screen: string, enough: (looks: Seen[]) => boolean): Promise<Seen[]> {
  const read = async () => {
    if (agent.exitCode !== null) throw new Error(said);
    const sql = `SELECT data FROM observation WHERE kind = 'screen.captured' AND data->>'screen' = $1 ORDER BY observed_at, seq`;
    return (await centre.pool.query<{ data: Seen }>(sql, [screen])).rows.map(({ data }) => data);
  };
  return until(read, enough, WITHIN_MS);
}
const pictures = (count: number) => (looks: Seen[]) => looks.filter(({ image }) => image).length >= count;

it(
  'keeps what a terminal shows while the centre is away, and brings each picture once',
  async () => {
    await seen('zz-screen', pictures(1));
    await centre.killCentre();
    const { length: waits } = said.split('delivery waits');
    await page.evaluate(`document.getElementById('step').textContent = '第 1 步：受理'`);
    await until(
      () => Promise.resolve(said.split('delivery waits').length),
      (now) => now > waits,
      WITHIN_MS,
    );
    await centre.restartCentre();
    const looks = await seen('zz-screen', pictures(2));
    const hashes = looks.flatMap(({ image }) => (image ? [image.sha256] : []));
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(looks.every(({ masked }) => masked)).toBe(true);
    await centre.settled();
    const image = await centre.call(`GET /api/screens/zz-screen/image?sha256=${hashes.at(-1)}`, {
      cookie: admin,
    });
    expect([image.status, image.headers.get('content-type')]).toEqual([200, 'image/png']);
  },
  LONG,
);

it(
  'brings unmasked pictures to who asked, while it lasts, and to nobody’s wall',
  async () => {
    const cookie = await centre.signIn('zz-inspector');
    const body = { reason: '核对第 1 步的录入', minutes: 5 };
    const asked = (await centre.call('POST /api/screens/zz-screen/unmask', { cookie, body }))
      .body as Unmasking;
    const looks = await seen('zz-screen', (all) => all.some(({ masked, image }) => !masked && image));
    const unmasked = looks.find(({ masked, image }) => !masked && image)?.image?.sha256 ?? '';
    await centre.settled();
    expect((await centre.call(`GET /api/unmaskings/${asked.id}/image`, { cookie })).status).toBe(200);
    expect(
      (await centre.call(`GET /api/screens/zz-screen/image?sha256=${unmasked}`, { cookie })).status,
    ).toBe(404);
    const wall = JSON.stringify((await centre.call('GET /api/wall?region=130681', { cookie })).body);
    expect(wall).not.toContain(unmasked);
    expect(wall).toContain('"unmasking":{"by":"zz-inspector"');
    expect((await centre.call(`POST /api/unmaskings/${asked.id}/end`, { cookie, body: {} })).status).toBe(
      200,
    );
  },
  LONG,
);

it(
  'shares a whole screen from the page /agent/: all covered until zones are confirmed',
  async () => {
    const token = await tokenOf('dz-screen', { via: 'page', everyMs: 500 });
    const sharing = await clerk.newPage();
    await sharing.goto(`${centre.url}/agent/`);
    await sharing.type('#token', token);
    await sharing.click('#sign-in button');
    await sharing.click('#share');
    const black = `(() => { const { width, height } = document.getElementById('picture');
      const { data } = document.getElementById('picture').getContext('2d').getImageData(0, 0, width, height);
      return data.every((value, at) => at % 4 === 3 || value === 0); })()`;
    const [first] = await seen('dz-screen', pictures(1));
    expect(first).toMatchObject({ changed: true, masked: true });
    expect(await sharing.evaluate(black)).toBe(true);
    const zones = [{ what: 'cover', x: 0, y: 0, width: 0.5, height: 1 }];
    await centre.call('PATCH /api/admin/screens/dz-screen', { cookie: admin, body: { zones } });
    await seen('dz-screen', pictures(2));
    expect(await sharing.evaluate(black)).toBe(false);
    expect(await sharing.$eval('#zones', (note) => (note as unknown as { hidden: boolean }).hidden)).toBe(
      true,
    );
  },
  LONG,
);
