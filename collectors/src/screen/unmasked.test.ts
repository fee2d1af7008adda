import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ObservationEvent } from '@mingjing/contracts';
import { pino } from 'pino';
import { until } from '../../../tests/helpers/until.ts';
import type { OutboxItem } from '../outbox/index.ts';
import { SharedBrowser } from './browser.ts';
import { Permission } from './permission.ts';
import { Permissions } from './permissions.ts';
import { ScreenWatcher } from './watcher.ts';

const log = pino({ level: 'silent' });
const LONG = 60_000;
const onChromium = existsSync('/usr/bin/chromium') ? describe : describe.skip;
type Captured = ObservationEvent<'screen.captured'>['data'];

describe('a permission to see a screen unmasked', () => {
  it('ends by its time, when the centre says so, and half a minute after the centre was last heard', () => {
    let now = 0;
    const permission = new Permission(() => now);
    expect(permission.holds).toBe(false);
    expect(permission.take(20_000, now)).toBe(true);
    now = 19_999;
    expect(permission.holds).toBe(true);
    now = 20_000;
    expect(permission.holds).toBe(false);
    permission.take(600_000, now);
    now += 29_999;
    expect(permission.holds).toBe(true);
    now += 1;
    expect(permission.holds).toBe(false);
    permission.take(600_000, now);
    expect(permission.take(null, now)).toBe(true);
    expect(permission.holds).toBe(false);
  });

  it('is the screen’s own, and counts from when it was asked for', async () => {
    let now = 0;
    const permissions = new Permissions(log, () => now);
    const { signal } = new AbortController();
    const says = (answer: unknown) => ({
      get: () => {
        now += 4000;
        return Promise.resolve(answer);
      },
    });
    await permissions.ask(says([{ screen: 'one', leftMs: 5000 }]), signal);
    expect([permissions.of('one').holds, permissions.of('other').holds]).toEqual([true, false]);
    now += 1000;
    expect(permissions.of('one').holds).toBe(false);
    await permissions.ask(says([{ screen: 'one', leftMs: 60_000 }]), signal);
    await expect(permissions.ask(says({ screen: 'one' }), signal)).rejects.toThrow('expected array');
    expect(permissions.of('one').holds).toBe(true);
    await permissions.ask(says([]), signal);
    expect(permissions.of('one').holds).toBe(false);
  });
});

onChromium('a screen that somebody may see unmasked', () => {
  const browser = new SharedBrowser(undefined, log);
  let counter: Server;
  const screen = { id: 's', name: 's', region: '130681', hall: null, counter: null, url: '' };
  const told = { masked: [] as OutboxItem[], unmasked: [] as OutboxItem[] };
  const dataOf = (items: OutboxItem[]) => items.map(({ event }) => event.data as Captured);
  const changes = (items: OutboxItem[]) => dataOf(items).filter(({ changed }) => changed);
  const watch = (to: OutboxItem[], permission?: Permission): ScreenWatcher =>
    new ScreenWatcher(screen, {
      ...{ source: 'collectors', browser, log, everyMs: 100, unchangedEveryMs: 200, reloadEveryMs: LONG },
      rule: { key: 'collectors.screenHosts', hosts: ['127.0.0.1'], production: true },
      deliver: (items) => Promise.resolve(void to.push(...items)),
      ...(permission ? { permission } : {}),
    });
  beforeAll(async () => {
    counter = createServer((_, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end('<!doctype html><meta charset="utf-8"><h1>一号窗口</h1><p>身份证 130681199001011234</p>');
    });
    await new Promise<void>((resolve) => counter.listen(0, '127.0.0.1', resolve));
    screen.url = `http://127.0.0.1:${(counter.address() as AddressInfo).port}/`;
  });
  afterAll(async () => {
    await browser.close();
    await new Promise((resolve) => counter.close(resolve).closeAllConnections());
  }, LONG);

  it(
    'is looked at once more, as long as that holds, while the masked pictures go on as they were',
    async () => {
      let allowed = true;
      const permission = new Permission(() => (allowed ? 0 : 1));
      permission.take(1, 0);
      const masked = watch(told.masked);
      const unmasked = watch(told.unmasked, permission);
      const seen = (items: OutboxItem[], count: number) =>
        until(
          () => items.length,
          (length) => length >= count,
          LONG,
        );
      await Promise.all([seen(told.masked, 2), seen(told.unmasked, 2)]);
      allowed = false;
      await until(
        () => unmasked.ended,
        (ended) => ended,
        LONG,
      );
      const { length } = told.unmasked;
      await seen(told.masked, told.masked.length + 3);
      expect(told.unmasked).toHaveLength(length);
      expect(masked.ended).toBe(false);
      await masked.stop();
      expect(new Set(dataOf(told.masked).map((data) => data.masked))).toEqual(new Set([true]));
      expect(new Set(dataOf(told.unmasked).map((data) => data.masked))).toEqual(new Set([false]));
      // One picture each: what the other one shows never comes in between.
      expect([changes(told.masked).length, changes(told.unmasked).length]).toEqual([1, 1]);
      expect(changes(told.masked)[0]?.image?.sha256).not.toBe(changes(told.unmasked)[0]?.image?.sha256);
    },
    LONG,
  );
});
