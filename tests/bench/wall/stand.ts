import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cityPlanSchema, type CityPlan } from '@mingjing/contracts';
import { startBrowser, type TestBrowser } from '../../helpers/browser.ts';
import { SMALL_CITY } from '../../helpers/city.ts';
import { freePort, openInstallation, type Installation } from '../../helpers/installation.ts';
import { startMedia, type RunningProcess } from '../../helpers/processes.ts';
import { startRtsp } from '../../helpers/rtsp.ts';
import { builtPages, openWallPage, type WallPage } from '../../helpers/wall-page.ts';

/** Frames a second of every camera. */
export const FPS = 10;

/** A centre, a media host, cameras and a wall in Chromium. */
export interface WallStand {
  centre: Installation;
  media: RunningProcess;
  chromium: TestBrowser;
  wall: WallPage;
  /** Where the media host can be looked into. */
  inspector: number;
  close(): Promise<void>;
}

/** What stands for the cameras, all of them alike. */
interface Footage {
  source: { kind: 'rtsp'; url: string } | { kind: 'file'; path: string };
  /** What the media host needs to know for it. */
  env: Record<string, string>;
  stop(): Promise<void>;
}

async function overRtsp(): Promise<Footage> {
  const server = await startRtsp({ kind: 'pattern', width: 320, height: 180, fps: FPS, gop: 20 });
  const env = { MINGJING_MEDIA_IDLE_SECONDS: '5' };
  return { source: { kind: 'rtsp', url: server.url }, env, stop: () => server.stop() };
}

/** A film that is encoded once and only handed on: many cameras cost little. */
function fromFilm(): Footage {
  const folder = mkdtempSync(path.join(tmpdir(), 'mingjing-film-'));
  const film = path.join(folder, 'counter.mp4');
  execFileSync('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=s=320x180:r=${FPS}:d=60`],
    ...['-c:v', 'libx264', '-profile:v', 'baseline', '-pix_fmt', 'yuv420p', '-g', '20', '-b:v', '200k', film],
  ]);
  const env = {
    MINGJING_MEDIA_FILMS_DIR: folder,
    // The cameras go on while the wall is opened anew, and many that start at once may take their time.
    MINGJING_MEDIA_IDLE_SECONDS: '60',
    MINGJING_MEDIA_CONNECT_TIMEOUT_MS: '60000',
  };
  return { source: { kind: 'file', path: film }, env, stop: () => rm(folder, { recursive: true }) };
}

/** The small city with so many cameras. */
function planWith(cameras: number, source: Footage['source']): CityPlan {
  const [first] = SMALL_CITY.cameras;
  if (!first) throw new Error('the small city has no camera to go by');
  return cityPlanSchema.parse({
    ...SMALL_CITY,
    cameras: Array.from({ length: cameras }, (_, at) => ({
      ...first,
      id: `camera-${String(at + 1).padStart(2, '0')}`,
      name: `${at + 1} 号窗口`,
      counter: at === 0 ? first.counter : null,
      source,
    })),
  });
}

/**
 * @param cameras how many; each is pulled by a process of its own
 * @param size of the browser's window
 * @param film the cameras are a film that is handed on; otherwise they are pulled over RTSP
 */
export async function openWallStand(
  cameras: number,
  size: { width: number; height: number },
  { film = false } = {},
): Promise<WallStand> {
  await builtPages();
  const [port, inspector] = [await freePort(), await freePort()];
  const footage = film ? fromFilm() : await overRtsp();
  const centre = await openInstallation({
    plan: planWith(cameras, footage.source),
    env: { MINGJING_CENTRE_MEDIA_URL: `http://127.0.0.1:${port}` },
  });
  const media = await startMedia({
    centreUrl: centre.url,
    token: centre.tokens['media'] ?? '',
    ticketKey: centre.secrets.ticketKey,
    env: {
      MINGJING_MEDIA_PORT: String(port),
      ...footage.env,
      NODE_OPTIONS: `--inspect=127.0.0.1:${inspector}`,
    },
  });
  const chromium = await startBrowser(size);
  const wall = await openWallPage(chromium.browser, `${centre.url}/`, 'inspector');
  return {
    ...{ centre, media, chromium, wall, inspector },
    async close() {
      await chromium.close();
      await media.stop();
      await footage.stop();
      await centre.close();
    },
  };
}
