import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { asyncScheduler } from 'rxjs';
import { until } from '../../../tests/helpers/until.ts';
import { createLog } from '../log.ts';
import { CentreQueue } from './centreQueue.ts';
import { Waiting } from './waiting.ts';

interface Asked {
  queue: string | undefined;
  items: number[];
}

let folder: string;
let centre: Server;
let asked: Asked[];
/** What the centre answers to the next requests; then 200. */
let answers: number[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mingjing-waiting-'));
  asked = [];
  answers = [];
  centre = createServer((request, response) => {
    void json(request).then((items) => {
      asked.push({ queue: request.url, items: items as number[] });
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => centre.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await new Promise((resolve) => centre.close(resolve));
  await rm(folder, { recursive: true });
});

/** A run of the media host: what it was told to keep is in the folder. */
function run() {
  const waiting = new Waiting(folder);
  waiting.start();
  const { port } = centre.address() as AddressInfo;
  const queueOf = (name: string) => {
    const queue = new CentreQueue<number>({
      ...{ name, waiting, path: `/${name}`, contentType: 'application/json', bodyOf: (items) => items },
      ...{
        centreUrl: `http://127.0.0.1:${port}`,
        token: 'a token',
        scheduler: asyncScheduler,
        log: createLog('silent'),
      },
    });
    queue.start();
    return queue;
  };
  return { queueOf, waiting };
}
const WITHIN_MS = 20_000;
const seen = <T>(look: () => T, wanted: (found: T) => boolean): Promise<T> => until(look, wanted, WITHIN_MS);
const told = (queue: string) =>
  asked.filter((one) => one.queue === `/${queue}`).flatMap(({ items }) => items);

test('tells each queue its own, in order', async () => {
  const { queueOf, waiting } = run();
  const [acts, news] = [queueOf('acts'), queueOf('news')];
  for (const item of [1, 2, 3]) acts.push(item);
  news.push(7);
  await seen(
    () => [told('acts'), told('news')],
    ([one, other]) => one!.length === 3 && other!.length === 1,
  );
  expect([told('acts'), told('news')]).toEqual([[1, 2, 3], [7]]);
  await acts.stop();
  await news.stop();
  waiting.stop();
  expect(asked).toHaveLength(2);
});

test('what the centre did not take before the process ended is told by the next run', async () => {
  answers = [503, 503];
  const first = run();
  const queue = first.queueOf('acts');
  queue.push(1);
  queue.push(2);
  await queue.stop();
  first.waiting.stop();
  const refused = asked.length;
  expect(refused).toBeGreaterThan(0);
  answers = [];
  const second = run();
  const again = second.queueOf('acts');
  await seen(
    () => asked.length,
    (length) => length > refused,
  );
  expect(asked.at(-1)?.items).toEqual([1, 2]);
  await again.stop();
  second.waiting.stop();
  expect(asked).toHaveLength(refused + 1);
});

test('what the centre will never take does not keep the others waiting', async () => {
  answers = [400];
  const { queueOf, waiting } = run();
  const queue = queueOf('acts');
  queue.push(1);
  await seen(
    () => asked.length,
    (length) => length === 1,
  );
  queue.push(2);
  await seen(
    () => told('acts'),
    (items) => items.length === 2,
  );
  expect(told('acts')).toEqual([1, 2]);
  await queue.stop();
  waiting.stop();
});

test('beyond the most that is kept the oldest go', () => {
  const waiting = new Waiting(folder);
  waiting.start();
  const [queue, other] = [waiting.of<number>('acts'), waiting.of<number>('news')];
  for (let item = 0; item < 10; item += 1) queue.add(item);
  other.add(99);
  expect(queue.letGo(10)).toBe(0);
  expect(queue.letGo(4)).toBe(6);
  expect(queue.first(100).map(({ item }) => item)).toEqual([6, 7, 8, 9]);
  expect(other.first(100).map(({ item }) => item)).toEqual([99]);
  waiting.stop();
});
