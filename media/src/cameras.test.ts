import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import type { Camera } from '@mingjing/contracts';
import { Cameras } from './cameras.ts';
import { createLog } from './log.ts';

const camera = (id: string): Camera => ({
  id,
  name: id,
  region: '130681',
  hall: null,
  counter: null,
  source: { kind: 'generated', label: id, pattern: 0 },
});

let list: unknown = [];
let asked = 0;
const server = createServer(({ url, headers }, response) => {
  asked += 1;
  const known = url === '/api/service/cameras' && headers.authorization === 'Bearer secret';
  response.statusCode = known && list !== undefined ? 200 : 503;
  response.end(JSON.stringify(list));
});
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(async () => {
  await once(server.close(), 'close');
});

test('keeps what it knows while the centre is away, and asks when a camera is unknown', async () => {
  const clock = new VirtualTimeScheduler(undefined, 0);
  const { port } = server.address() as AddressInfo;
  const cameras = new Cameras({
    centreUrl: `http://127.0.0.1:${port}`,
    token: 'secret',
    fixed: undefined,
    refreshMs: 15_000,
    scheduler: clock,
    log: createLog('silent'),
  });
  const changes: string[][] = [];
  cameras.onChange((known) => changes.push([...known.keys()]));

  list = [camera('a')];
  await cameras.refresh();
  for (const unusable of [undefined, [{ id: 'no source' }], 'not a list']) {
    list = unusable;
    await cameras.refresh();
    expect(cameras.all()).toEqual([camera('a')]);
  }

  list = [camera('a'), camera('b')];
  clock.frame = 5000;
  expect(await cameras.find('b')).toEqual(camera('b'));
  const before = asked;
  expect(await cameras.find('nobody')).toBeUndefined();
  expect(asked).toBe(before);
  expect(changes).toEqual([['a'], ['a', 'b']]);
});
