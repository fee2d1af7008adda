import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AgentOrders } from '@mingjing/contracts';
import { pino } from 'pino';
import puppeteer, { type Browser, type Page } from 'puppeteer';
import type { OutboxItem } from '../outbox/index.ts';
import { ScreenAgent } from './agent.ts';
import { Orders } from './orders.ts';
import { differs, paintOver } from './paint.ts';
import { decodePng, encodePng, type Pixels } from './png.ts';

const log = pino({ level: 'silent' });
const LONG = 60_000;
const onChromium = existsSync('/usr/bin/chromium') ? describe : describe.skip;

const HTML = `<!doctype html><meta charset="utf-8"><title>窗口</title>
<style>* { margin: 0 } body { background: #fff; font: 20px sans-serif }
  body > * { position: absolute; left: 20px; inline-size: 300px; block-size: 40px; background: #ffd54a; border: 0 }</style>
<input id="typed" style="top: 10px" value="13800138000">
<input id="word" type="password" style="top: 60px" value="秘密">
<textarea id="area" style="top: 110px">住址</textarea>
<div id="edit" contenteditable style="top: 160px">可改</div>
<canvas id="drawn" style="top: 210px"></canvas>
<iframe id="other" style="top: 260px" src="SRC"></iframe>
<div id="marked" data-personal style="top: 310px">张三</div>
<div id="shut" style="top: 360px"></div>
<div id="split" style="top: 410px">1306<b>811990</b>03071234</div>
<div id="shown" style="top: 460px">办件编号 ZZ-2026</div>
<button id="go" style="top: 510px">提交</button>
<time id="clock" data-unsteady style="top: 560px">09:00:00</time>
<script>document.getElementById('shut').attachShadow({ mode: 'closed' }).textContent = '李四';</script>`;

function ordersOf(more: Partial<AgentOrders> = {}): AgentOrders {
  return {
    ...{
      source: 'screen.zz',
      id: 'zz-screen',
      name: '一号',
      region: '130681',
      url: '',
      via: 'agent',
      everyMs: 500,
    },
    ...{ zones: null, disabled: false, unmaskedForMs: null },
    ...more,
  };
}

describe('pictures', () => {
  it('come out of PNG as they went in; what is no picture is refused', () => {
    const data = Buffer.from(Array.from({ length: 7 * 5 * 3 }, (_, at) => (at * 37) % 256));
    const picture = { width: 7, height: 5, data };
    expect(decodePng(encodePng(picture))).toEqual(picture);
    const whole = encodePng(picture);
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('GIF89a…'),
      whole.subarray(0, 20),
      whole.subarray(0, 45),
    ])
      expect(() => decodePng(bytes)).toThrow();
  });
  it('are painted over within their edges, and compared as an eye does', () => {
    const white = { width: 40, height: 40, data: Buffer.alloc(40 * 40 * 3, 255) };
    const painted = paintOver(
      white,
      [
        [-100, 35, 1000, 1000],
        [500, 0, 1, 1],
      ],
      1,
    );
    expect(painted.data.indexOf(0)).toBe(32 * 40 * 3);
    expect(differs(white, painted)).toBe(true);
    expect(differs(white, { ...white, data: Buffer.from(white.data).fill(250, 0, 300) })).toBe(false);
    expect(differs(white, { ...white, width: 20, height: 80 })).toBe(true);
  });
});

describe('a permission', () => {
  it('ends by itself: by its time, and soon when the centre cannot be asked any more', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mingjing-orders-'));
    const file = join(folder, 'orders.json');
    let now = 0;
    const orders = new Orders(file, log, () => now);
    orders.take(ordersOf({ unmaskedForMs: 600_000 }), now);
    expect(orders.unmasked).toBe(true);
    expect(new Orders(file, log, () => now)).toMatchObject({ unmasked: false, current: { id: 'zz-screen' } });
    now = 29_999;
    expect(orders.unmasked).toBe(true);
    now = 30_000;
    expect(orders.unmasked).toBe(false);
    orders.take(ordersOf({ unmaskedForMs: 1000 }), now);
    now += 1000;
    expect(orders.unmasked).toBe(false);
    expect(readFileSync(file, 'utf8')).toContain('"unmaskedForMs":null');
    rmSync(folder, { recursive: true });
  });
});

onChromium('the agent beside the clerk’s Chromium', () => {
  let clerk: Browser;
  let page: Page;
  let server: Server;
  let folder: string;
  let orders: Orders;
  let url = '';
  const told: OutboxItem[] = [];
  let wake = (): void => undefined;
  const ends = new AbortController();
  let running: Promise<void>;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const own = request.headers.host?.startsWith('127.0.0.1') === true;
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(
        own
          ? HTML.replace('SRC', `${url.replace('127.0.0.1', 'localhost')}/`)
          : '<body style="background: #0f0">别处',
      );
    });
    await new Promise<void>((resolve) => server.listen(0, resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    folder = mkdtempSync(join(tmpdir(), 'mingjing-agent-'));
    clerk = await puppeteer.launch({
      ...{ executablePath: '/usr/bin/chromium', headless: true, userDataDir: join(folder, 'profile') },
      ...{ defaultViewport: { width: 800, height: 640 }, args: ['--no-sandbox', '--disable-gpu'] },
    });
    [page] = (await clerk.pages()) as [Page];
    await page.goto(url);
    orders = new Orders(join(folder, 'orders.json'), log);
    orders.take(ordersOf({ url }), performance.now());
    const deliver = (items: OutboxItem[]) => {
      told.push(...items);
      wake();
      return Promise.resolve();
    };
    const { port } = new URL(clerk.wsEndpoint());
    const agent = new ScreenAgent({
      cdp: `http://127.0.0.1:${port}`,
      orders,
      deliver,
      log,
      retry: { firstMs: 50, mostMs: 100 },
    });
    running = agent.run(ends.signal);
  }, LONG);
  afterAll(async () => {
    ends.abort();
    await running;
    await clerk.close();
    await new Promise((resolve) => server.close(resolve).closeAllConnections());
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }, LONG);

  /** The next picture of a kind after what was told by now. */
  async function next(masked: boolean, from = told.length): Promise<Pixels> {
    for (let at = from; ; at += 1) {
      while (told.length <= at) await new Promise<void>((resolve) => (wake = resolve));
      const item = told[at];
      const data = item?.event.data as { masked: boolean };
      if (item?.blob && data.masked === masked) return decodePng(Buffer.from(item.blob.bytes));
    }
  }
  /** The brightest thing of the inside of an element's box. */
  const brightest = (picture: Pixels, top: number): number => {
    let most = 0;
    for (let y = top + 2; y < top + 38; y += 1)
      for (let x = 22; x < 318; x += 1) most = Math.max(most, picture.data[(y * picture.width + x) * 3] ?? 0);
    return most;
  };

  it(
    'covers what is typed, marked, drawn, shut off or looks personal, and nothing of what the clerk sees',
    async () => {
      const before = [await page.content(), await page.screenshot({ encoding: 'base64' })];
      const picture = await next(true, 0);
      for (const top of [10, 60, 110, 160, 210, 260, 310, 360])
        expect([top, brightest(picture, top)]).toEqual([top, 0]);
      // The number that is split over three elements: its digits, not its background beside them.
      expect(picture.data[(430 * picture.width + 60) * 3]).toBe(0);
      expect(brightest(picture, 460)).toBe(255);
      expect(brightest(picture, 510)).toBe(255);
      expect([await page.content(), await page.screenshot({ encoding: 'base64' })]).toEqual(before);
      expect(await page.evaluate('Object.keys(globalThis).filter((key) => /mingjing/i.test(key))')).toEqual(
        [],
      );
    },
    LONG,
  );

  it(
    'passes over what changes by itself, and tells what changes',
    async () => {
      const from = told.length;
      await page.evaluate(`document.getElementById('clock').textContent = '09:00:01'`);
      await page.evaluate(`document.getElementById('typed').value = '1'`);
      await page.evaluate(
        'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
      );
      const shown = next(true);
      await page.evaluate(`document.getElementById('shown').textContent = '办件编号 ZZ-2027'`);
      await shown;
      expect(told.slice(from).filter(({ blob }) => blob !== undefined)).toHaveLength(1);
    },
    LONG,
  );

  it(
    'covers everything of a page that is not the counter’s work',
    async () => {
      const other = next(true);
      await page.goto(url.replace('127.0.0.1', 'localhost'));
      expect((await other).data.every((value) => value === 0)).toBe(true);
      const back = next(true);
      await page.goto(url);
      expect(brightest(await back, 460)).toBe(255);
    },
    LONG,
  );

  it(
    'sends unmasked pictures beside the masked ones while somebody may see them, and no longer',
    async () => {
      const open = next(false);
      orders.take(ordersOf({ url, unmaskedForMs: 20_000 }), performance.now());
      expect(brightest(await open, 10)).toBe(255);
      orders.take(ordersOf({ url }), performance.now());
      // One look may have been under way.
      const changed = next(true);
      await page.evaluate(`document.getElementById('shown').textContent = '一'`);
      await changed;
      const from = told.length;
      const again = next(true);
      await page.evaluate(`document.getElementById('shown').textContent = '二二二二'`);
      await again;
      expect(told.slice(from).map(({ event }) => event.data['masked'])).toEqual([true]);
    },
    LONG,
  );
});
