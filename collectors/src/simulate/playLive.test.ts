import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseInstant, type Millis } from '@mingjing/contracts';
import { loadCity, type City } from './city.ts';
import { acceleratedClock, type PlayClock } from './clock.ts';
import { daysToPlay, playDays, type Played } from './play.ts';
import { playLive } from './playLive.ts';
import { CentrePoster, type Poster } from './poster.ts';
import { progressFile, type Progress, type ProgressStore } from './progress.ts';
import type { TimedEvent } from './script.ts';

const CITY_FILE = fileURLToPath(new URL('../../../demo/baoding.yaml', import.meta.url));
/** A Tuesday night, long after the halls closed. */
const NIGHT = Date.parse('2026-11-24T23:10:20+08:00');
const MORNING = Date.parse('2026-11-25T10:00:00+08:00');
const MINUTE = 60_000;

let city: City;
let folder: string;
beforeAll(async () => {
  city = await loadCity(CITY_FILE);
  folder = await mkdtemp(join(tmpdir(), 'simulate-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A centre that remembers (source, id), and when each event came. */
class Memory implements Poster {
  readonly events = new Map<string, { at: Millis; timed: TimedEvent }>();
  duplicates = 0;
  readonly #clock: PlayClock;
  constructor(clock: PlayClock) {
    this.#clock = clock;
  }
  post(events: readonly TimedEvent[]) {
    let stored = 0;
    for (const timed of events) {
      const key = `${timed.source} ${timed.event.id}`;
      if (this.events.has(key)) continue;
      this.events.set(key, { at: this.#clock.now(), timed });
      stored += 1;
    }
    this.duplicates += events.length - stored;
    return Promise.resolve({ stored, duplicate: events.length - stored, rejected: 0 });
  }
}

/** Time that passes only when it is waited for; the play ends when it reaches `end`. */
function scripted(start: Millis, end: Millis) {
  const stop = new AbortController();
  let now = start;
  const clock: PlayClock = {
    now: () => now,
    until: (at) => {
      now = Math.max(now, at);
      if (now >= end) stop.abort();
      return Promise.resolve();
    },
  };
  return { clock, signal: stop.signal };
}

function inMemory(): ProgressStore & { kept: Progress | null } {
  const store = {
    kept: null as Progress | null,
    load: () => Promise.resolve(store.kept),
    save: (progress: Progress) => {
      store.kept = structuredClone(progress);
      return Promise.resolve();
    },
  };
  return store;
}

async function play(start: Millis, forMs: number, days: number, store: ProgressStore, centre?: Memory) {
  const { clock, signal } = scripted(start, start + forMs);
  const memory = centre ?? new Memory(clock);
  let filled: Played | null = null;
  const onFilled = (played: Played) => (filled = played);
  const options = {
    city,
    seed: 1,
    poster: memory,
    clock,
    signal,
    perHour: 360,
    choice: { days },
    progress: store,
  };
  await playLive({ ...options, onFilled });
  return { memory, filled: filled as Played | null };
}

describe('the live play', () => {
  test('fills in 2,000 to 4,000 cases, then lives on at night, and is never ahead of time', async () => {
    const { memory, filled } = await play(NIGHT, 5 * MINUTE, 20, inMemory());
    expect(filled?.cases).toBeGreaterThan(2000);
    expect(filled?.cases).toBeLessThan(4000);
    const all = [...memory.events.values()];
    for (const { at, timed } of all) expect(parseInstant(timed.event.time)).toBeLessThanOrEqual(at);
    const live = all.filter(({ at }) => at > NIGHT);
    expect(live.length).toBeGreaterThan(150);
    // Something becomes due in the first minute, several times: limits exceeded, or nine tenths used.
    const due = all.flatMap(({ timed }) => {
      const limit = timed.event.data['limit'] as { budget: { until?: string } } | undefined;
      if (timed.event.type !== 'case.accepted' || limit?.budget.until === undefined) return [];
      const from = parseInstant(timed.event.time);
      const until = parseInstant(limit.budget.until);
      return timed.story === 'nearing'
        ? [from + 0.9 * (until - from)]
        : timed.story.startsWith('overdue')
          ? [until]
          : [];
    });
    const firstMinute = due.filter((at) => at > NIGHT && at <= NIGHT + MINUTE).sort((a, b) => a - b);
    expect(firstMinute.length).toBeGreaterThanOrEqual(3);
  });

  test('tells the past case by case, so that nothing looks overdue for want of its end', async () => {
    const { memory } = await play(NIGHT, 1000, 5, inMemory());
    const past = [...memory.events.values()].filter(({ at }) => at <= NIGHT).map(({ timed }) => timed);
    const subjects = past.map(({ source, event }) => `${source} ${event.subject ?? ''}`);
    const runs = subjects.filter((subject, at) => subject !== subjects[at - 1]);
    expect(runs.length).toBe(new Set(runs).size);
  });

  test('started again posts nothing twice that it need not, and ends what it had begun', async () => {
    const store = inMemory();
    const first = await play(NIGHT, 3 * MINUTE, 2, store);
    const before = first.memory.events.size;
    const again = await play(NIGHT + 45 * MINUTE, MINUTE, 2, store, first.memory);
    expect(again.filled?.cases).toBeLessThan(200);
    expect(again.memory.duplicates).toBeLessThan(100);
    expect(again.memory.events.size).toBeGreaterThan(before);
    const born = [...again.memory.events.values()]
      .map(({ timed }) => timed)
      .filter(({ at }) => at < NIGHT + 3 * MINUTE);
    const numbers = new Set(
      born.flatMap(({ event }) => (event.type === 'case.submitted' ? [event.subject] : [])),
    );
    const ended = new Set(
      [...again.memory.events.values()].flatMap(({ timed }) =>
        timed.event.type === 'case.decided' && timed.event.id.startsWith('live') ? [timed.event.subject] : [],
      ),
    );
    const live = born.filter(({ event }) => event.id.startsWith('live') && event.type === 'case.submitted');
    expect(live.length).toBeGreaterThan(50);
    expect(live.filter(({ event }) => numbers.has(event.subject) && !ended.has(event.subject))).toEqual([]);
  });

  test('without its progress finds at the centre what it had posted', async () => {
    const first = await play(NIGHT, MINUTE, 2, inMemory());
    const before = first.memory.events.size;
    const again = await play(NIGHT, MINUTE, 2, inMemory(), first.memory);
    expect(again.memory.events.size).toBe(before);
  });

  test('goes on with the next morning’s cases when the day begins', async () => {
    const { memory } = await play(MORNING - 12 * 60 * MINUTE, 12 * 60 * MINUTE, 0, inMemory());
    const types = [...memory.events.values()].map(({ timed }) => timed.event.id.slice(0, 16));
    expect(types).toContain('day-1-2026-11-25');
  });
});

describe('playing past days', () => {
  test('takes the days asked for, and leaves out what is still to come', async () => {
    const { clock, signal } = scripted(MORNING, Infinity);
    const memory = new Memory(clock);
    const days = daysToPlay(city, MORNING, { from: '2026-11-20' });
    expect(days).toEqual(['2026-11-20', '2026-11-23', '2026-11-24', '2026-11-25']);
    const played = await playDays({ city, seed: 1, poster: memory, clock, signal }, days, MORNING);
    expect(played.stored).toBe(memory.events.size);
    expect(Math.max(...[...memory.events.values()].map(({ timed }) => timed.at))).toBeLessThanOrEqual(
      MORNING,
    );
  });

  test('at a speed passes time that much faster, up to the present', () => {
    let real = 1_000_000;
    const base: PlayClock = { now: () => real, until: () => Promise.resolve() };
    const clock = acceleratedClock(base, 400_000, 60);
    real += 5000;
    expect(clock.now()).toBe(400_000 + 300_000);
    real += 60_000;
    expect(clock.now()).toBe(real);
  });
});

describe('posting', () => {
  let server: Server;
  let url: string;
  const taken: { token: string; events: { id: string }[] }[] = [];
  const answers: number[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const status = answers.shift() ?? 200;
        const events = JSON.parse(Buffer.concat(parts).toString()) as { id: string }[];
        response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '0' });
        if (status !== 200) return response.end('{}');
        taken.push({ token: request.headers.authorization ?? '', events });
        const results = events.map(({ id }, index) => ({ index, id, status: 'stored' }));
        return response.end(JSON.stringify({ stored: events.length, duplicate: 0, rejected: 0, results }));
      });
    });
    const { promise, resolve } = Promise.withResolvers<null>();
    server.listen(0, '127.0.0.1', () => resolve(null));
    await promise;
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  });
  afterAll(async () => {
    const { promise, resolve } = Promise.withResolvers<null>();
    server.close(() => resolve(null));
    server.closeAllConnections();
    await promise;
  });

  const events = (source: string): TimedEvent[] =>
    Array.from({ length: 700 }, (_, n) => ({
      at: n,
      source,
      story: 'heartbeat',
      event: {
        specversion: '1.0',
        id: `${source}-${n}`,
        source,
        type: 'heartbeat',
        time: '2026-11-24T00:00:00Z',
        data: { region: '130600' },
      },
    }));
  const poster = (waitsForTokens: boolean) =>
    new CentrePoster({
      url,
      tokens: new Map([
        ['a', 'token-a'],
        ['b', 'token-b'],
      ]),
      log: { warn: () => undefined },
      waitsForTokens,
      backoff: { firstMs: 1, mostMs: 2 },
    });

  test('sends each source’s events in order with its own token, through a busy and a failing centre', async () => {
    answers.push(503, 429, 200);
    const signal = new AbortController().signal;
    const answer = await poster(true).post([...events('a'), ...events('b')], signal);
    expect(answer).toEqual({ stored: 1400, duplicate: 0, rejected: 0 });
    for (const source of ['a', 'b']) {
      const own = taken
        .filter(({ token }) => token === `Bearer token-${source}`)
        .flatMap((batch) => batch.events);
      expect(own.map(({ id }) => id)).toEqual(events(source).map(({ event }) => event.id));
    }
  });

  test('ends when a token is refused and nobody is there to wait for another', async () => {
    answers.push(401);
    const signal = new AbortController().signal;
    await expect(poster(false).post(events('a').slice(0, 1), signal)).rejects.toThrow('401');
  });
});

describe('progress', () => {
  test('is kept, and counts for its own play only; a file cut short counts for none', async () => {
    const file = join(folder, 'deep', 'progress.json');
    const progress = { firstDay: '2026-11-02', postedThrough: 5, lastMinute: 7 };
    await progressFile(file, 'one').save(progress);
    expect(await progressFile(file, 'one').load()).toMatchObject(progress);
    expect(await progressFile(file, 'two').load()).toBeNull();
    await writeFile(file, '{"play":"on');
    expect(await progressFile(file, 'one').load()).toBeNull();
  });
});
