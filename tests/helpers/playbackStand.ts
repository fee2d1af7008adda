import { createHash } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RecordedExtent } from '@mingjing/contracts';
import { startBrowser, type TestBrowser } from './browser.ts';
import { caseEvent, freePort, openInstallation, type Installation } from './installation.ts';
import { startMedia, type RunningProcess } from './processes.ts';
import { layRecordings, makePictures } from './timeFilm.ts';
import { until } from './until.ts';
import { builtPages, openWallPage, type WallPage } from './wall-page.ts';

const WITHIN_MS = 20_000;

/** A centre, a media host with recordings that were laid, and a browser at which an inspector is signed in. */
export interface PlaybackStand {
  centre: Installation;
  media: RunningProcess;
  chromium: TestBrowser;
  desk: WallPage;
  close(): Promise<void>;
}

/** @param recorded of each camera, in whole seconds after `from`: beginning and end of each segment */
export async function openPlayback(
  from: number,
  recorded: Record<string, readonly (readonly [number, number])[]>,
): Promise<PlaybackStand> {
  const port = await freePort();
  const dataDir = await mkdtemp(path.join(tmpdir(), 'mingjing-media-'));
  const cameras = Object.entries(recorded);
  const [centre] = await Promise.all([
    openInstallation({ env: { MINGJING_CENTRE_MEDIA_URL: `http://127.0.0.1:${port}` } }),
    builtPages(),
    ...cameras.map(([camera, pieces]) => layRecordings(dataDir, camera, from, pieces)),
  ]);
  const media = await startMedia({
    ...{ centreUrl: centre.url, token: centre.tokens['media']!, ticketKey: centre.secrets.ticketKey },
    ...{ dataDir, env: { MINGJING_MEDIA_PORT: String(port), MINGJING_MEDIA_MIN_FREE_BYTES: '0' } },
  });
  const cookie = await centre.signIn('admin');
  const end = (pieces: readonly (readonly [number, number])[]) => from + (pieces.at(-1)?.[1] ?? 0) * 1000;
  await until(
    async () => (await centre.call('GET /api/recordings/extents', { cookie })).body as RecordedExtent[],
    (told) =>
      cameras.every(([camera, pieces]) =>
        told.some((extent) => extent.camera === camera && extent.to > end(pieces) - 1000),
      ),
    WITHIN_MS,
  );
  const chromium = await startBrowser({ width: 1366, height: 768 });
  const desk = await openWallPage(chromium.browser, `${centre.url}/cases`, 'inspector');
  return {
    ...{ centre, media, chromium, desk },
    async close() {
      await chromium.close();
      await media.stop();
      await centre.close();
    },
  };
}

/** Tells the centre of pictures of a screen, one at each second of `seconds`, which show their own place in the list as bars. */
export async function showPictures(
  centre: Installation,
  screen: string,
  from: number,
  seconds: readonly number[],
): Promise<void> {
  const pictures = await makePictures(seconds.length);
  const token = centre.tokens['media']!;
  const captured = [];
  for (const [index, bytes] of pictures.entries()) {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await centre.call(`PUT /api/ingest/blobs/${sha256}`, { token, body: bytes });
    const image = { sha256, mediaType: 'image/jpeg', width: 320, height: 180, bytes: bytes.length };
    const at = new Date(from + (seconds[index] ?? 0) * 1000).toISOString();
    captured.push(caseEvent('screen.captured', at, { screen, changed: true, image, masked: true }));
  }
  await centre.post('media', captured);
  await centre.settled();
}
