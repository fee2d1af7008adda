import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HostRule, ObservationEvent, Screen } from '@mingjing/contracts';
import { pino } from 'pino';
import type { Page } from 'puppeteer';
import type { OutboxItem } from '../outbox/index.ts';
import { SharedBrowser } from './browser.ts';
import { ScreenPage } from './capture.ts';
import { Changes, ScreenWatcher } from './watcher.ts';

const log = pino({ level: 'silent' });
const LONG = 60_000;
const RULE: HostRule = { key: 'collectors.screenHosts', hosts: ['127.0.0.1'], production: true };
const onChromium = existsSync('/usr/bin/chromium') ? describe : describe.skip;

describe('what is told of pictures', () => {
  it('a changed one at once, an unchanged one from time to time, with since when', () => {
    const changes = new Changes(30_000);
    expect(changes.look('a', 0)).toEqual({ changed: true, since: 0 });
    expect(changes.look('a', 29_999)).toBeUndefined();
    expect(changes.look('a', 30_000)).toEqual({ changed: false, since: 0 });
    expect(changes.look('a', 45_000)).toBeUndefined();
    expect(changes.look('b', 45_001)).toEqual({ changed: true, since: 45_001 });
    expect(changes.look('b', 75_001)).toEqual({ changed: false, since: 45_001 });
  });
});

onChromium('counter screens in Chromium', () => {
  const browser = new SharedBrowser(undefined, log);
  let server: Server;
  let url: string;
  let pages: Record<string, string>;
  const asked: string[] = [];
  beforeAll(async () => {
    pages = {};
    server = createServer((request, response) => {
      const html = pages[request.url ?? ''];
      asked.push(request.url ?? '');
      if (html?.startsWith('→')) {
        response.writeHead(302, { location: html.slice(1) }).end();
        return;
      }
      response.writeHead(html === undefined ? 404 : 200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': "script-src 'unsafe-inline'; style-src 'unsafe-inline'",
      });
      response.end(html ?? 'gone');
    });
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }, LONG);
  afterAll(async () => {
    await browser.close();
    await new Promise((resolve) => server.close(resolve).closeAllConnections());
  }, LONG);

  const shown = async (html: string): Promise<{ page: Page; screen: ScreenPage }> => {
    pages['/page'] = `<!doctype html><meta charset="utf-8"><body>${html}`;
    const page = await browser.newPage();
    const screen = new ScreenPage(page, `${url}/page`, RULE);
    await screen.open();
    return { page, screen };
  };
  const textOf = (page: Page): Promise<string> => page.evaluate('document.body.innerText') as Promise<string>;
  const sha = async (html: string): Promise<string> => {
    const { page, screen } = await shown(html);
    const { sha256 } = await screen.capture();
    await page.close();
    return sha256;
  };

  it(
    'replaces numbers that look personal, also split, full-width, in shadow trees and frames, and later ones',
    async () => {
      const { page, screen } = await shown(`
      <p>身份证 130681199003077777，电话 <b>138</b><span>1234</span>5678</p>
      <p>座机 0312-3881234 卡 6222 0211 0001 2345 678，全角 １３８１２３４５６７８</p>
      <p>编号 ZJ-2026-004417，2026年11月22日 09:41，超 2 个工作日，130681</p>
      <div id="later"></div><div id="host"></div><iframe srcdoc="<p>13912345678</p>"></iframe>
      <script>
        document.querySelector('#host').attachShadow({ mode: 'closed' }).innerHTML = '<i id="s">13712345678</i>';
        setTimeout(() => (document.querySelector('#later').textContent = '经办 13612345678'), 0);
      </script>`);
      await page.waitForFunction('document.querySelector("#later").textContent !== ""');
      await screen.capture();
      const text = await textOf(page);
      expect(text).toContain('身份证 ●●●●●●●●●●●●●●●●●●，电话 ●●●●●●●●●●●');
      expect(text).toContain('座机 ●●●●●●●●●●●● 卡 ●●●● ●●●● ●●●● ●●●● ●●●，全角 ●●●●●●●●●●●');
      expect(text).toContain('编号 ZJ-2026-004417，2026年11月22日 09:41，超 2 个工作日，130681');
      expect(text).toContain('经办 ●●●●●●●●●●●');
      const inside = await Promise.all(
        page.frames().map((frame) => frame.evaluate('document.body.innerText')),
      );
      expect(inside[1]).toBe('●●●●●●●●●●●');
      await page.close();
    },
    LONG,
  );

  it(
    'covers names and addresses by their labels: in lines, in lists, beside cells and below heads',
    async () => {
      const { page, screen } = await shown(`
      <p>申请人：张晓明，事项：施工许可；联系地址：涿州市范阳中路 12 号 3 单元；编号 ZJ-1</p>
      <p>法定代表人 欧阳慧  窗口 7</p>
      <p><span>姓名</span><b>李四</b>，男</p>
      <dl><dt>委托代理人姓名</dt><dd>王五</dd><dt>事项</dt><dd>不动产登记</dd></dl>
      <div>联系人</div><div>古丽·买买提</div>
      <table><tr><th>办件</th><th colspan="2">当事人</th><th>状态</th></tr>
        <tr><td>ZJ-2</td><td>赵六</td><td>孙七</td><td>已受理</td></tr></table>
      <table><tr><td>户籍地址</td><td>定州市北城区 5 号</td><td>环节</td><td>审查</td></tr></table>
      <div><label>申请人 <input></label><label>证件号 <input></label></div>
      <p>申请人须知：请带身份证。联系人信息</p><p>地址栏、姓名牌</p>`);
      await screen.capture();
      const text = await textOf(page);
      for (const name of ['张晓明', '欧阳慧', '李四', '王五', '古丽', '赵六', '孙七', '范阳', '北城区'])
        expect(text).not.toContain(name);
      for (const said of [
        ...['申请人：●●●，事项：施工许可', '编号 ZJ-1', '法定代表人 ●●●', '窗口 7', '，男', '不动产登记'],
        ...[
          'ZJ-2',
          '已受理',
          '环节',
          '审查',
          '证件号',
          '申请人须知：请带身份证。联系人信息',
          '地址栏、姓名牌',
        ],
      ])
        expect(text).toContain(said);
      await page.close();
    },
    LONG,
  );

  it(
    'gives the same pixels whatever was typed or is personal, against the page’s own style',
    async () => {
      const page = (
        typed: string,
      ): string => `<style>#a, #n { color: red !important; background: white !important }</style>
      <input id="a" style="width:200px" value="${typed}"><textarea>${typed}</textarea>
      <div contenteditable style="width:200px;height:20px;overflow:hidden"><b>${typed}</b></div>
      <div id="n" data-personal style="width:200px;height:20px;overflow:hidden">${typed} <img width="9" height="9" alt="${typed}"></div>
      <div id="h"></div><script>const root = h.attachShadow({ mode: 'closed' });
      root.innerHTML = '<style>input { color: red !important }</style><input>'; root.querySelector('input').value = '${typed}';</script>`;
      expect(await sha(page('张三'))).toBe(await sha(page('李四 abc')));
      expect(await sha('<p>张三</p>')).not.toBe(await sha('<p>李四</p>'));
    },
    LONG,
  );

  it(
    'hides a canvas, whatever is drawn on it and whatever the page’s style says, unless it is marked as public',
    async () => {
      const drawn = (
        text: string,
        mark = '',
      ): string => `<style>canvas { visibility: visible !important }</style>
      <canvas id="c" width="300" height="50" ${mark}></canvas><div id="h"></div><script>
        const draw = (canvas) => Object.assign(canvas.getContext('2d'), { font: '30px sans-serif' }).fillText('${text}', 5, 40);
        draw(c);
        const inside = document.createElement('canvas');
        h.attachShadow({ mode: 'closed' }).append(inside);
        if ('${mark}' === '') draw(inside);
      </script>`;
      expect(await sha(drawn('13812345678'))).toBe(await sha(drawn('张三')));
      expect(await sha(drawn('3', 'data-public'))).not.toBe(await sha(drawn('4', 'data-public')));
      const both = 'data-public data-personal';
      expect(await sha(drawn('3', both))).toBe(await sha(drawn('4', both)));
    },
    LONG,
  );

  it(
    'looks at permitted hosts only, also where a page leads elsewhere',
    async () => {
      const elsewhere = url.replace('127.0.0.1', '127.0.0.2');
      const page = await browser.newPage();
      const before = asked.length;
      await expect(new ScreenPage(page, `${elsewhere}/page`, RULE).open()).rejects.toThrow(
        /the host 127\.0\.0\.2 is not allowed.*collectors\.screenHosts/,
      );
      expect(asked).toHaveLength(before);
      pages['/page'] = pages['/inside'] = '<p>1';
      pages['/away'] = `→${elsewhere}/page`;
      pages['/framed'] = `<iframe src="${elsewhere}/inside"></iframe>`;
      for (const path of ['/away', '/framed']) {
        const screen = new ScreenPage(page, url + path, RULE);
        await screen.open();
        await page.waitForNetworkIdle();
        await expect(screen.capture()).rejects.toThrow('the host 127.0.0.2 is not allowed');
      }
      await page.close();
    },
    LONG,
  );

  it(
    'takes no picture of a page that cannot be masked',
    async () => {
      const { page, screen } = await shown('<p>1');
      await page.evaluate('globalThis.__mingjingMask = () => false');
      await expect(screen.capture()).rejects.toThrow(/cannot be masked/);
      await page.close();
    },
    LONG,
  );

  /** Watches a page; hands out what is told, one after the other. */
  function watched(
    path: string,
    reloadEveryMs = LONG,
  ): { next: () => Promise<OutboxItem>; stop: () => Promise<void> } {
    const screen: Screen = {
      id: `s${path}`,
      name: 's',
      region: '130681',
      hall: null,
      counter: null,
      url: url + path,
    };
    const told: OutboxItem[] = [];
    let wake = (): void => undefined;
    const deliver = (items: OutboxItem[]): Promise<void> => {
      told.push(...items);
      wake();
      return Promise.resolve();
    };
    const options = {
      source: 'collectors',
      browser,
      deliver,
      log,
      everyMs: 50,
      unchangedEveryMs: 100,
      rule: RULE,
    };
    const timing = { reloadEveryMs, retry: { firstMs: 5, mostMs: 50 } };
    const watcher = new ScreenWatcher(screen, { ...options, ...timing });
    const next = async (): Promise<OutboxItem> => {
      while (told.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return told.shift()!;
    };
    return { next, stop: () => watcher.stop() };
  }
  const dataOf = ({ event }: OutboxItem) => event.data as ObservationEvent<'screen.captured'>['data'];

  it(
    'tells changes with their picture, then that it is unchanged; outlives a missing page and its browser',
    async () => {
      const missing = watched('/missing');
      pages['/board'] = '<body>一';
      const board = watched('/board');
      const first = await board.next();
      expect(dataOf(first)).toMatchObject({
        ...{ region: '130681', screen: 's/board', changed: true, masked: true },
        image: { mediaType: 'image/jpeg', width: 1280, height: 720, sha256: first.blob?.sha256 },
      });
      expect(first.blob!.bytes.subarray(0, 3)).toEqual(Uint8Array.from([0xff, 0xd8, 0xff]));
      const second = await board.next();
      expect(dataOf(second)).toMatchObject({ changed: false, unchangedSince: first.event.time });
      expect(second.blob).toBeUndefined();

      pages['/board'] = '<body>二';
      pages['/missing'] = '<body>三';
      process.kill((await browser.pid())!, 'SIGKILL');
      for (let item = await board.next(); !dataOf(item).changed; item = await board.next());
      expect(dataOf(await missing.next()).changed).toBe(true);
      await Promise.all([board.stop(), missing.stop()]);
    },
    LONG,
  );

  it(
    'loads a page anew that has long been the same, and one that has gone to an error or to nothing',
    async () => {
      pages['/static'] = '<body>一';
      const still = watched('/static', 200);
      expect(dataOf(await still.next()).changed).toBe(true);
      pages['/static'] = '<body>二';
      for (let item = await still.next(); !dataOf(item).changed; item = await still.next());
      await still.stop();

      for (const gone of [`${url}/gone`, 'http://127.0.0.1:1/']) {
        pages['/leaves'] = `<body>离开<script>setTimeout(() => (location.href = '${gone}'), 300)</script>`;
        const leaves = watched('/leaves');
        await leaves.next();
        const loads = asked.filter((path) => path === '/leaves').length;
        // Nothing is told of the error itself; the page is back after it.
        for (let again = loads; again < loads + 2; again = asked.filter((path) => path === '/leaves').length)
          expect(dataOf(await leaves.next()).changed).toBe(false);
        await leaves.stop();
      }
    },
    LONG,
  );
});
