import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CloudEvent } from '@mingjing/contracts';
import { pino } from 'pino';
import { collectorsSchema } from '../config.ts';
import { Centre, Outbox } from '../outbox/index.ts';
import { kindNames, kindOf } from '../registry.ts';
import type { Collector, KindContext } from './kind.ts';
import { StreamWatch } from './video.ts';

let folder: string;
let outbox: Outbox;
let ends: AbortController;
let running: Collector[];
let logged: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kinds-'));
  outbox = new Outbox({ file: join(folder, 'o.sqlite'), maxBytes: 3000 });
  ends = new AbortController();
  running = [];
  logged = [];
});
afterEach(async () => {
  ends.abort();
  for (const { done } of running) await done;
  outbox.close();
  rmSync(folder, { recursive: true });
});

const context = (config: Record<string, unknown> = {}): KindContext => ({
  ...{ source: 'collectors', outbox, signal: ends.signal, config: collectorsSchema.parse(config) },
  centre: new Centre({ url: 'http://127.0.0.1:3', token: 't' }),
  log: pino(
    { level: 'info' },
    { write: (line: string) => void logged.push((JSON.parse(line) as { msg: string }).msg) },
  ),
});
async function start(
  name: string,
  values: Record<string, unknown>,
  config?: Record<string, unknown>,
): Promise<Collector> {
  const collector = await kindOf(name)!.start(values, context(config));
  running.push(collector);
  return collector;
}
const kept = (): CloudEvent[] => outbox.next(1000, 1e9).map(({ body }) => JSON.parse(body) as CloudEvent);
/** Waits until a condition holds; what it looks at changes by timers and files, without a word. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

it('names every kind, and refuses a wrong setting by its key', async () => {
  expect(kindNames()).toEqual(['xes', 'csv', 'http-push', 'screen', 'video']);
  await expect(start('xes', { path: '/x', colour: 1 })).rejects.toThrow(
    /collectors.kinds: xes: colour: unknown key/,
  );
  await expect(start('http-push', { port: 70000 })).rejects.toThrow(/http-push: port: /);
  const open = start('http-push', { host: '0.0.0.0', port: 0 });
  await expect(open).rejects.toThrow(/http-push: bearer: /);
  await expect(start('csv', { path: '/x' })).rejects.toThrow(/csv: mapping: /);
});

describe('stream states', () => {
  const status = {
    ...{ camera: 'c1', region: '130681', state: 'live' as const, mode: 'copy' as const, codec: 'h264' },
    ...{ width: 640, height: 360, attempt: 0, retryAt: null, reason: null },
  };
  it('are told at first and when they change, and as failed when nobody answers for them', () => {
    const watch = new StreamWatch();
    expect(watch.answered([status])).toEqual([
      {
        region: '130681',
        camera: 'c1',
        state: 'live',
        attempt: 0,
        mode: 'copy',
        codec: 'h264',
        width: 640,
        height: 360,
      },
    ]);
    expect(watch.answered([status])).toEqual([]);
    expect(watch.answered([{ ...status, state: 'frozen' }])).toMatchObject([{ state: 'frozen' }]);
    expect([watch.unanswered('no'), watch.unanswered('no')]).toEqual([[], []]);
    expect(watch.unanswered('no')).toMatchObject([
      { camera: 'c1', state: 'failed', hostSilent: true, reason: 'the media host does not answer: no' },
    ]);
    expect(watch.unanswered('no')).toEqual([]);
    expect(watch.answered([{ ...status, state: 'frozen' }])).toMatchObject([{ state: 'frozen' }]);
  });

  it('are asked of the media host with its token', async () => {
    const asked: unknown[] = [];
    const media = createServer((request, response) => {
      asked.push([request.url, request.headers.authorization]);
      response.end(JSON.stringify([{ ...status, since: 1, viewers: 0 }]));
    });
    await new Promise<void>((resolve) => media.listen(0, '127.0.0.1', resolve));
    const mediaUrl = `http://127.0.0.1:${(media.address() as AddressInfo).port}`;
    await start('video', { everySeconds: 0.01 }, { mediaUrl, mediaToken: 'secret' });
    await until(() => asked.length > 2);
    expect(asked[0]).toEqual(['/streams', 'Bearer secret']);
    expect(kept()).toMatchObject([
      { type: 'stream.state', source: 'collectors', data: { camera: 'c1', state: 'live' } },
    ]);
    await new Promise((resolve) => media.close(resolve).closeAllConnections());
  });
});

describe('http-push', () => {
  const event = {
    specversion: '1.0',
    id: 'a',
    source: 'vendor',
    type: 'heartbeat',
    time: '2026-11-22T09:41:07+08:00',
    data: { region: '130681' },
  };
  const post = async (
    url: string,
    body: unknown,
    type = 'application/cloudevents-batch+json',
    headers = {},
  ) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(url, {
      method: 'POST',
      body: text,
      headers: { 'content-type': type, ...headers },
    });
    return {
      status: response.status,
      retry: response.headers.get('retry-after'),
      body: (await response.json()) as Record<string, unknown>,
    };
  };

  it('keeps what is posted in every mode of CloudEvents, and answers for each event', async () => {
    const { url } = await start('http-push', { port: 0 });
    const answer = await post(url!, [event, { ...event, id: 'b', time: 'noon' }]);
    expect(answer).toMatchObject({ status: 200, body: { stored: 1, rejected: 1 } });
    expect(answer.body['results']).toMatchObject([
      { id: 'a', status: 'stored' },
      { status: 'rejected', reason: expect.stringContaining('time: "noon"') },
    ]);
    await post(url!, { ...event, id: 'c' }, 'application/cloudevents+json');
    const { data, ...attributes } = { ...event, id: 'd%20%E4%BA%94' };
    const ce = Object.fromEntries(Object.entries(attributes).map(([key, value]) => [`ce-${key}`, value]));
    await post(url!, data, 'application/json', ce);
    expect(kept().map(({ id, source }) => [id, source])).toEqual([
      ['a', 'vendor'],
      ['c', 'vendor'],
      ['d 五', 'vendor'],
    ]);
  });

  it('refuses what it cannot read or keep, and says why; what was kept stays', async () => {
    const { url } = await start('http-push', { port: 0, bearer: 'sixteen-letters-', maxBodyBytes: 4000 });
    const auth = { authorization: 'Bearer sixteen-letters-' };
    const batch = 'application/cloudevents-batch+json';
    expect((await post(url!, [event])).status).toBe(401);
    expect(await post(url!, '[{', batch, auth)).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('not JSON') },
    });
    expect((await post(url!, [event], 'text/plain', auth)).status).toBe(415);
    expect((await post(url!, 'x'.repeat(5000), batch, auth)).status).toBe(413);
    const long = { ...event, data: { region: '130681', note: 'x'.repeat(2500) } };
    expect((await post(url!, [long], batch, auth)).status).toBe(200);
    expect(await post(url!, [{ ...long, id: 'z' }], batch, auth)).toMatchObject({ status: 503, retry: '5' });
    expect(logged.at(-1)).toMatch(/o.sqlite cannot take more: its limit is 3000 bytes/);
    expect(kept().map(({ id }) => id)).toEqual(['a']);
  });
});

describe('log files', () => {
  const trace = (name: string): string =>
    `<trace><string key="concept:name" value="${name}"/><event><string key="concept:name" value="x"/><date key="time:timestamp" value="2024-01-01T00:00:00Z"/></event></trace>`;
  const caseNos = (): unknown[] => [...new Set(kept().map(({ data }) => data['caseNo']))];

  it('are read as they come to a watched folder, once per edition, also after a restart', async () => {
    const inbox = join(folder, 'in');
    mkdirSync(inbox);
    writeFileSync(join(inbox, 'a.xes'), `<log>${trace('1')}</log>`);
    writeFileSync(join(inbox, 'notes.txt'), 'x');
    await start('xes', { path: inbox, everySeconds: 0.01 });
    const read = (): number => logged.filter((line) => line === 'a log was read to its end').length;
    await until(() => read() === 1);
    expect(caseNos()).toEqual(['1']);
    writeFileSync(join(inbox, 'b.xes'), `<log>${trace('2')}<oops>`);
    await until(() =>
      logged.some((line) => /b.xes line 1: unclosed tag.*what was read before stays/.test(line)),
    );
    expect(caseNos()).toEqual(['1', '2']);

    await start('xes', { path: inbox, everySeconds: 0.01 });
    writeFileSync(join(inbox, 'c.xes'), `<log>${trace('3')}</log>`);
    await until(() => read() >= 2);
    expect(logged.filter((line) => line === 'reading a log').length).toBeLessThanOrEqual(4);
    expect(caseNos()).toEqual(['1', '2', '3']);
  });
});
