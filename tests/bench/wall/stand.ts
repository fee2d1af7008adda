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

/** The small city with so many cameras, all of them one RTSP server's picture. */
function planWith(cameras: number, url: string): CityPlan {
  const [first] = SMALL_CITY.cameras;
  if (!first) throw new Error('the small city has no camera to go by');
  return cityPlanSchema.parse({
    ...SMALL_CITY,
    cameras: Array.from({ length: cameras }, (_, at) => ({
      ...first,
      id: `camera-${String(at + 1).padStart(2, '0')}`,
      name: `${at + 1} 号窗口`,
      counter: at === 0 ? first.counter : null,
      source: { kind: 'rtsp' as const, url },
    })),
  });
}

/**
 * @param cameras how many; each is pulled by a process of its own
 * @param size of the browser's window
 * @param patient the cameras go on while the wall is opened anew, and many that start at once may take their time
 */
export async function openWallStand(
  cameras: number,
  size: { width: number; height: number },
  { patient = false } = {},
): Promise<WallStand> {
  await builtPages();
  const [port, inspector] = [await freePort(), await freePort()];
  const rtsp = await startRtsp({ kind: 'pattern', width: 320, height: 180, fps: FPS, gop: 20 });
  const centre = await openInstallation({
    plan: planWith(cameras, rtsp.url),
    env: { MINGJING_CENTRE_MEDIA_URL: `http://127.0.0.1:${port}` },
  });
  const media = await startMedia({
    centreUrl: centre.url,
    token: centre.tokens['media'] ?? '',
    ticketKey: centre.secrets.ticketKey,
    env: {
      MINGJING_MEDIA_PORT: String(port),
      MINGJING_MEDIA_IDLE_SECONDS: patient ? '60' : '5',
      ...(patient ? { MINGJING_MEDIA_CONNECT_TIMEOUT_MS: '60000' } : {}),
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
      await rtsp.stop();
      await centre.close();
    },
  };
}
