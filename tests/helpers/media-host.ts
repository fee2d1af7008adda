import { execFileSync } from 'node:child_process';
import { io, type Socket } from 'socket.io-client';
import type { Answer, Camera, Quality, StreamStatus } from '@mingjing/contracts';
import { signTicket, startMediaSite, type MediaSite } from './media-page.ts';
import { makeSecrets, startMedia, type RunningProcess } from './processes.ts';
import { startRtsp, type RtspServer } from './rtsp.ts';
import { until } from './until.ts';

export const TOKEN = 'a token of the media host';
export const CITY = '130600';
export const ZHUOZHOU = '130681';
export const { ticketKey } = makeSecrets();

/** A ticket of the centre for a region. */
export const signTicketFor = (region: string): string => signTicket(ticketKey, region);

/** A media host with real RTSP cameras, and the centre's list of them. */
export interface MediaStand {
  site: MediaSite;
  media: RunningProcess;
  add(camera: Partial<Camera> & Pick<Camera, 'id' | 'source'>): void;
  rtsp(...options: Parameters<typeof startRtsp>): Promise<RtspServer>;
  status(camera: string, quality?: Quality): Promise<StreamStatus | undefined>;
  /** Waits until a camera's stream is as wanted; fails with it as it is. */
  statusUntil(
    camera: string,
    wanted: (status: StreamStatus) => boolean,
    options?: { quality?: Quality; withinMs?: number },
  ): Promise<StreamStatus>;
  /** Wishes to see a camera, until it is let go. */
  watch(camera: string, quality?: Quality): Promise<() => void>;
  /** Says hello with a ticket of a region, and whatever is asked. */
  connect(region: string): Promise<MediaVisitor>;
  stop(): Promise<void>;
}

/** A program that speaks to a media host. */
export interface MediaVisitor {
  ask(event: string, request: unknown): Promise<Answer<unknown>>;
  close(): void;
}

/** The processes that a process has started. */
export function childrenOf(pid: number): { pid: number; name: string }[] {
  return execFileSync('ps', ['-eo', 'pid=,ppid=,comm='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, name]) => Number(parent) === pid && name !== 'ps')
    .map(([child, , name = '']) => ({ pid: Number(child), name }));
}

/** Every process of ours named so, by whom it was started. */
export function ffmpegsOf(host: RunningProcess): number[] {
  return childrenOf(host.pid)
    .filter(({ name }) => name === 'ffmpeg')
    .map(({ pid }) => pid);
}

async function ask<T>(socket: Socket, event: string, request: unknown): Promise<Answer<T>> {
  return (await socket.timeout(20_000).emitWithAck(event, request)) as Answer<T>;
}

function valueOf<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(answer.reason);
  return answer.value;
}

async function visit(host: RunningProcess, region: string): Promise<MediaVisitor> {
  const socket = io(host.url, { path: '/sfu', transports: ['websocket'], reconnection: false });
  valueOf(await ask(socket, 'hello', { ticket: signTicket(ticketKey, region) }));
  return { ask: (event, request) => ask(socket, event, request), close: () => void socket.disconnect() };
}

async function watchAt(host: RunningProcess, camera: string, quality: Quality): Promise<() => void> {
  const socket = io(host.url, { path: '/sfu', transports: ['websocket'], reconnection: false });
  const { rtpCapabilities } = valueOf(
    await ask<{ rtpCapabilities: object }>(socket, 'hello', { ticket: signTicket(ticketKey, CITY) }),
  );
  const { id } = valueOf(await ask<{ id: string }>(socket, 'createTransport', {}));
  const wish = { camera, quality, transportId: id, rtpCapabilities };
  // Refused for now is no failure: the wish keeps the source trying, for a minute.
  const again = setInterval(() => socket.emit('watch', wish, () => undefined), 20_000);
  socket.emit('watch', wish, () => undefined);
  return () => {
    clearInterval(again);
    socket.disconnect();
  };
}

/** Starts a media host. */
export async function startMediaStand(env: Record<string, string> = {}): Promise<MediaStand> {
  const site = await startMediaSite(TOKEN);
  const media = await startMedia({
    ...{ centreUrl: site.url, token: TOKEN, ticketKey },
    env: {
      ...{ MINGJING_MEDIA_WORKERS: '1', MINGJING_MEDIA_IDLE_SECONDS: '1', MINGJING_MEDIA_REFRESH_MS: '500' },
      ...env,
    },
  });
  const servers: RtspServer[] = [];
  const leaving: (() => void)[] = [];
  const status = async (camera: string, quality: Quality = 'main') => {
    const answer = await fetch(`${media.url}/streams`, { headers: { authorization: `Bearer ${TOKEN}` } });
    const all = (await answer.json()) as StreamStatus[];
    return all.find((found) => found.camera === camera && found.quality === quality);
  };
  return {
    site,
    media,
    add: (camera) =>
      void site.cameras.push({ name: camera.id, region: ZHUOZHOU, hall: null, counter: null, ...camera }),
    async rtsp(...options) {
      const server = await startRtsp(...options);
      servers.push(server);
      return server;
    },
    status,
    async statusUntil(camera, wanted, { quality, withinMs = 30_000 } = {}) {
      const found = await until(
        () => status(camera, quality),
        (seen) => seen !== undefined && wanted(seen),
        withinMs,
      );
      return found!;
    },
    connect: (region) => visit(media, region),
    async watch(camera, quality = 'main') {
      // A camera that is not known yet is refused, and only asked for again much later.
      await until(
        () => status(camera),
        (known) => known !== undefined,
        10_000,
      );
      const leave = await watchAt(media, camera, quality);
      leaving.push(leave);
      return leave;
    },
    async stop() {
      for (const leave of leaving) leave();
      await media.stop();
      await Promise.all(servers.map((server) => server.stop()));
      await site.close();
    },
  };
}
