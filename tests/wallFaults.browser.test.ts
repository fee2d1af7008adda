import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CreatedWallToken, StreamStatus, User, ViewingPage, Wall } from '@mingjing/contracts';
import { childrenOf } from './bench/video/cpu.ts';
import { openWallStand, type WallStand } from './bench/wall/stand.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { until } from './helpers/until.ts';

failOnLeaks();

const CAMERAS = 4;
const WITHIN_MS = 60_000;

/** Of every camera's tile: its state, why it is off, and how many frames it has drawn. */
const TILES = `[...document.querySelectorAll('[data-testid="camera-tile"]')].map((tile) => ({
  state: tile.dataset.state,
  why: tile.querySelector('.lost')?.textContent ?? '',
  frames: tile.querySelector('video').getVideoPlaybackQuality().totalVideoFrames,
}))`;

interface Tile {
  state: string;
  why: string;
  frames: number;
}

let stand: WallStand;

const tiles = async () => (await stand.wall.page.evaluate(TILES)) as Tile[];

/** Waits until every tile has drawn so many more frames than now. */
async function allAdvance(frames = 20): Promise<void> {
  const before = await tiles();
  await until(
    tiles,
    (now) =>
      now.length === before.length &&
      now.every((tile, at) => tile.frames >= (before[at]?.frames ?? 0) + frames),
    WITHIN_MS,
  );
}

async function viewers(): Promise<number> {
  const headers = { authorization: `Bearer ${stand.centre.tokens['media'] ?? ''}` };
  const streams = (await (await fetch(`${stand.media.url}/streams`, { headers })).json()) as StreamStatus[];
  return streams.reduce((sum, stream) => sum + stream.viewers, 0);
}

/** What the centre keeps of who watched. */
async function viewings(): Promise<ViewingPage['viewings']> {
  const cookie = await stand.centre.signIn('admin');
  return ((await stand.centre.call('GET /api/viewings', { cookie })).body as ViewingPage).viewings;
}

describe('a wall that is left open', () => {
  beforeAll(async () => {
    stand = await openWallStand(CAMERAS, { width: 1280, height: 720 });
    const allLive = (seen: Tile[]) => seen.length >= CAMERAS && seen.every(({ state }) => state === 'live');
    await until(tiles, allLive, WITHIN_MS);
  }, 180_000);
  afterAll(() => stand.close(), 60_000);

  test('goes on showing pictures while the centre is away, and needs nobody when it is back', async () => {
    const { wall, centre } = stand;
    await centre.killCentre();
    await wall.textsUntil('[data-testid="connection-banner"]', (banners) => banners.length === 1);
    await allAdvance(50);
    await centre.restartCentre();
    await wall.textsUntil('[data-testid="connection-banner"]', (banners) => banners.length === 0);
    await allAdvance();
    // Who watched while the centre was away stands there as well.
    const kept = await until(viewings, (rows) => rows.length === CAMERAS, WITHIN_MS);
    expect(new Set(kept.map(({ camera }) => camera)).size).toBe(CAMERAS);
    for (const one of kept)
      expect(one).toMatchObject({ user: 'inspector', region: '130681', carriedBy: 'webrtc', endedAt: null });
  }, 120_000);

  test('says that pictures stand still while the media host hangs, and shows them again when it goes on', async () => {
    const hung = [stand.media.pid, ...childrenOf(stand.media.pid).map(({ pid }) => pid)];
    for (const pid of hung) process.kill(pid, 'SIGSTOP');
    try {
      await until(tiles, (seen) => seen.every(({ state }) => state === 'frozen'), WITHIN_MS);
    } finally {
      for (const pid of hung.reverse()) process.kill(pid, 'SIGCONT');
    }
    await until(tiles, (seen) => seen.every(({ state }) => state === 'live'), WITHIN_MS);
    await allAdvance();
  }, 150_000);

  test('shows pictures anew after the workers of the media host have died', async () => {
    const workers = childrenOf(stand.media.pid).filter(({ name }) => name.startsWith('mediasoup'));
    for (const { pid } of workers) process.kill(pid, 'SIGKILL');
    await until(tiles, (seen) => seen.some(({ state }) => state !== 'live'), WITHIN_MS);
    await until(tiles, (seen) => seen.every(({ state }) => state === 'live'), WITHIN_MS);
    await allAdvance();
  }, 150_000);

  test('a window that nobody signs in to plays its camera', async () => {
    const { centre, chromium } = stand;
    const cookie = await centre.signIn('admin');
    const post = async <T>(path: string, body: unknown): Promise<T> => {
      const { status, body: answer } = await centre.call(`POST ${path}`, { cookie, body });
      expect([path, status < 300 ? null : answer]).toEqual([path, null]);
      return answer as T;
    };
    const wall = await post<Wall>('/api/walls', {
      ...{ name: '值班室', region: '130681', windows: [{ layout: null }] },
    });
    const { token } = await post<CreatedWallToken>(`/api/walls/${wall.id}/tokens`, { note: '左屏' });
    const content = { kind: 'camera', camera: 'camera-01' };
    await post(`/api/walls/${wall.id}/commands`, { do: 'send', window: 1, content });
    const context = await chromium.browser.createBrowserContext();
    const page = await context.newPage();
    await page.goto(`${centre.url}/walls/${wall.id}?window=1#${token}`);
    const frames = async () =>
      (await page.evaluate(
        `document.querySelector('[data-camera="camera-01"] video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0`,
      )) as number;
    await until(frames, (count) => count > 20, WITHIN_MS);
    await context.close();
  }, 120_000);

  test('ends with the right of whoever watches, at once', async () => {
    const { centre, wall } = stand;
    const cookie = await centre.signIn('admin');
    const users = (await centre.call('GET /api/users', { cookie })).body as User[];
    const watching = users.find(({ username }) => username === 'inspector');
    expect(await viewers()).toBeGreaterThanOrEqual(CAMERAS);
    const answer = await centre.call(`PATCH /api/users/${watching?.id ?? ''}`, {
      cookie,
      body: { disabled: true },
    });
    expect(answer.status).toBe(200);
    await until(viewers, (count) => count === 0, WITHIN_MS);
    await wall.page.waitForSelector('input[name="username"]');
    expect(await tiles()).toEqual([]);
    const kept = await until(viewings, (rows) => rows.every(({ endedAt }) => endedAt !== null), WITHIN_MS);
    // What came back within moments is the same viewing, as it was for whoever sat there.
    expect(kept.length).toBeLessThanOrEqual(2 * CAMERAS);
    for (const { startedAt, endedAt } of kept) expect(endedAt).toBeGreaterThan(startedAt);
  }, 120_000);
});
