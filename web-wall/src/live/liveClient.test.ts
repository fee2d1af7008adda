import { createServer } from 'node:http';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ClientToServerEvents, Delta, ServerToClientEvents, WallSnapshot } from '@mingjing/contracts';
import { Server } from 'socket.io';
import { openLive } from './liveClient.ts';
import type { LiveClient } from './liveClient.ts';

type Centre = Server<ClientToServerEvents, ServerToClientEvents>;

let http: HttpServer;
let centre: Centre;
let url: string;
let live: LiveClient;
/** What the client told, in order. */
let told: string[];
let waiting: (() => void)[] = [];
/** The sequence number that the next join is answered with. */
let seq: number;

function tell(what: string): void {
  told.push(what);
  for (const wake of waiting.splice(0)) wake();
}

/** Waits until the client has told all of it, in this order. Jest's own limit bounds the wait. */
async function untilTold(...wanted: string[]): Promise<void> {
  const done = (): boolean => told.join(' ').includes(wanted.join(' '));
  while (!done()) await new Promise<void>((resolve) => waiting.push(resolve));
}

const tick = (caseId: string): Delta => ({ type: 'case', tick: { caseId } as never });
const push = (at: number, ...ids: string[]): void => {
  centre.emit('deltas', { scope: '130600', epoch: 'e', seq: at, deltas: ids.map(tick) });
};

beforeEach(async () => {
  told = [];
  waiting = [];
  seq = 10;
  http = createServer();
  centre = new Server(http, { path: '/live' });
  centre.on('connection', (socket) => {
    socket.on('join', ({ region }, answer) => {
      if (region === '110000') {
        answer({ ok: false, problem: { type: 'about:blank', title: 'Not allowed', status: 403 } });
        return;
      }
      const snapshot = { scope: { code: region } } as WallSnapshot;
      answer({ ok: true, scope: region, epoch: 'e', seq, snapshot });
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  live = openLive(url, {
    snapshot: ({ scope }) => tell(`snapshot:${scope.code}`),
    deltas: (deltas) =>
      tell(deltas.map((delta) => (delta.type === 'case' ? delta.tick.caseId : delta.type)).join('+')),
    status: (status) => tell(status),
    refused: ({ status }) => tell(`refused:${status}`),
    wallState: () => undefined,
    signedOut: () => tell('signedOut'),
  });
});

afterEach(async () => {
  live.close();
  await centre.close();
});

describe('a client of the live feed', () => {
  test('joins, then takes every delta once', async () => {
    live.follow('130600');
    await untilTold('connecting', 'connected', 'snapshot:130600');
    push(11, 'a');
    push(13, 'a', 'b', 'c');
    push(12, 'b');
    push(14, 'd');
    await untilTold('a', 'b+c', 'd');
  });

  test('joins again after a gap and after a resync', async () => {
    live.follow('130600');
    await untilTold('snapshot:130600');
    seq = 20;
    push(20, 'lost');
    await untilTold('snapshot:130600', 'snapshot:130600');
    push(21, 'next');
    await untilTold('next');
    centre.emit('resync', '130600');
    await untilTold('next', 'snapshot:130600');
    expect(told).not.toContain('lost');
  });

  test('says that it is disconnected, and joins again when the centre is back', async () => {
    live.follow('130600');
    await untilTold('snapshot:130600');
    for (const socket of await centre.fetchSockets()) socket.disconnect(true);
    await untilTold('disconnected', 'connected', 'snapshot:130600');
  });

  test('follows another scope from now on, and tells when it may not', async () => {
    live.follow('130600');
    await untilTold('snapshot:130600');
    live.follow('130681');
    await untilTold('snapshot:130681');
    push(11, 'of-the-scope-left');
    live.follow('110000');
    await untilTold('refused:403');
    expect(told).not.toContain('of-the-scope-left');
  });
});
