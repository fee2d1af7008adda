import { createHmac } from 'node:crypto';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'puppeteer';
import type { Camera, Quality, StreamStatus } from '@mingjing/contracts';
import { PROJECT_DIR } from '../../scripts/runtime/paths.ts';
import { until } from './until.ts';

const run = promisify(execFile);

/** What a tile of the page shows and has heard. */
export interface Tile {
  frames: number;
  /** From the wish to watch to the first frame, ms; null before. */
  waitedMs: number | null;
  /** The tracks that were shown one after the other, each from which frame on. */
  tracks: { id: string; from: number }[];
  width: number;
  height: number;
  states: StreamStatus['state'][];
  status: StreamStatus | null;
  troubles: string[];
  /** The ways by which the picture came, one after the other. */
  carriedBy: ('webrtc' | 'film')[];
  /** The widths of the pictures, one after the other. */
  widths: number[];
}

/** A page with the wall's video client, connected to a media host. */
export interface MediaPage {
  page: Page;
  watch(camera: string, quality?: Quality): Promise<void>;
  /** Goes over to another stream of a camera that is watched. */
  showIn(camera: string, quality: Quality): Promise<void>;
  /** What is known of the picture. */
  figures(
    camera: string,
  ): Promise<{ bitrate: number | null; rate: number | null; delay: number | null } | null>;
  tile(camera: string): Promise<Tile>;
  /** Waits until so many more frames than now have been drawn. */
  advances(camera: string, frames?: number): Promise<void>;
  /** Waits until the tile is as wanted; fails with the tile as it is. */
  tileUntil(camera: string, wanted: (tile: Tile) => boolean): Promise<Tile>;
  /** From camera to screen, ms, so many times: of a camera whose top rows say when each picture was made. */
  delays(camera: string, count: number): Promise<number[]>;
  /** The mean red, green and blue of its top left corner, 0 to 255. */
  corner(camera: string): Promise<number[]>;
  /** Nobody sees the camera for now. */
  hide(camera: string): Promise<void>;
  close(): Promise<void>;
}

const WITHIN_MS = 45_000;

/** The page's script in one piece, as a browser takes it. Vite runs outside Jest, whose realm its binding does not take. */
async function bundle(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mingjing-page-'));
  try {
    const vite = path.join(PROJECT_DIR, 'node_modules/vite/bin/vite.js');
    const config = path.join(PROJECT_DIR, 'tests/pages/vite.config.js');
    await run(process.execPath, [vite, 'build', '--config', config, '--outDir', folder]);
    return await readFile(path.join(folder, 'page.js'), 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The stand-in for the centre's side of video: its camera list for the media host, and the page's origin. */
export interface MediaSite {
  url: string;
  cameras: Camera[];
  /** The sessions that are no more. */
  ended: Set<string>;
  close(): Promise<void>;
}

/** Serves the page, and to whoever has the token the camera list and that every session lasts. */
export async function startMediaSite(token: string): Promise<MediaSite> {
  const script = await bundle();
  const cameras: Camera[] = [];
  const ended = new Set<string>();
  const server = createServer(({ url, headers }, response) => {
    if (url === '/page.js') {
      response.setHeader('content-type', 'text/javascript').end(script);
    } else if (url === '/api/service/cameras' && headers.authorization === `Bearer ${token}`) {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(cameras));
    } else if (url === '/api/service/sessions/check' && headers.authorization === `Bearer ${token}`) {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ ended: [...ended] }));
    } else if (url === '/') {
      response
        .setHeader('content-type', 'text/html')
        .end('<!doctype html><body><script src="/page.js"></script>');
    } else {
      response.writeHead(404).end();
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    cameras,
    ended,
    async close() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

/** A ticket as the centre signs it. @param expiresAt ms since the epoch */
export function signTicket(
  key: string,
  region: string,
  expiresAt = Date.now() + 3_600_000,
  session = '0'.repeat(64),
): string {
  const payload = Buffer.from(JSON.stringify({ user: 'test', region, session, expiresAt })).toString(
    'base64url',
  );
  return `${payload}.${createHmac('sha256', key).update(payload).digest('base64url')}`;
}

/** Opens the page in a browser and connects it to the media host at `url`. @param prepare before anything is loaded */
export async function openMediaPage(
  browser: Browser,
  site: MediaSite,
  ticket: { url: string; ticket: string; expiresAt: number },
  prepare: (page: Page) => Promise<unknown> = () => Promise.resolve(),
): Promise<MediaPage> {
  // A window of its own: Chromium draws no frames in a tab behind another.
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await prepare(page);
  await page.goto(site.url);
  const call = (name: string, argument: unknown) =>
    page.evaluate(`window.${name}(${JSON.stringify(argument)})`);
  await call('startMedia', ticket);
  const tile = async (camera: string) => (await call('tileOf', camera)) as Tile;
  const tileUntil = (camera: string, wanted: (tile: Tile) => boolean) =>
    until(() => tile(camera), wanted, WITHIN_MS);
  return {
    tile,
    tileUntil,
    page,
    async watch(camera, quality = 'main') {
      await call('watchCamera', { camera, quality });
    },
    async showIn(camera, quality) {
      await call('showIn', { camera, quality });
    },
    figures: async (camera) => (await call('figuresOf', camera)) as Awaited<ReturnType<MediaPage['figures']>>,
    async advances(camera, frames = 20) {
      const before = (await tile(camera)).frames;
      await tileUntil(camera, (now) => now.frames >= before + frames);
    },
    delays: async (camera, count) => (await call('delaysOf', { camera, count })) as number[],
    corner: async (camera) => (await call('cornerOf', camera)) as number[],
    hide: async (camera) => {
      await call('hideCamera', camera);
    },
    close: () => context.close(),
  };
}
