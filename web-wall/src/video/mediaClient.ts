import type { MediaServerEvents, MediaTicket, Quality } from '@mingjing/contracts';
import { shallowRef } from 'vue';
import type { ShallowRef } from 'vue';
import { ask } from './ask.ts';
import type { MediaRequest, Value } from './ask.ts';
import { CameraWatch } from './cameraWatch.ts';
import type { WatchListener } from './cameraWatch.ts';
import { SfuConnection } from './sfuConnection.ts';
import type { SfuSession } from './sfuConnection.ts';
import { TicketKeeper } from './ticketKeeper.ts';

export interface MediaClient {
  /** The ticket at hand, for stills; null before the first. */
  ticket: Readonly<ShallowRef<MediaTicket | null>>;
  /** Watches a camera, by its small stream for a small tile, until the watch is closed. */
  watch: (camera: string, quality: Quality, listener: WatchListener) => CameraWatch;
  unwatch: (watch: CameraWatch) => void;
  /** Asks the media host. @throws MediaRefusal; Error when there is no connection */
  request: <E extends 'ptz' | 'presets'>(event: E, request: MediaRequest<E>) => Promise<Value<E>>;
  /** Calls back whenever it changes who steers a camera that was asked about. @returns how to stop */
  onPtz: (listener: MediaServerEvents['ptz']) => () => void;
  /** Ends everything: watches, transport, connection. */
  close: () => void;
}

/**
 * Live pictures from the media host: one connection and one transport for every tile of the page.
 * @param fetchTicket asks the centre for the right to watch; may throw, is tried again
 */
export function openMedia(fetchTicket: () => Promise<MediaTicket>): MediaClient {
  const ticket = shallowRef<MediaTicket | null>(null);
  const watches = new Set<CameraWatch>();
  const steering = new Set<MediaServerEvents['ptz']>();
  let session: SfuSession | null = null;

  const keeper = new TicketKeeper(fetchTicket, (next) => {
    ticket.value = next;
    // A ticket that the host will not take ends the connection there; that is where it is handled.
    connection.renew(next.ticket).catch((error: unknown) => {
      for (const watch of watches) watch.listener.trouble(String(error), null);
    });
  });
  const connection: SfuConnection = new SfuConnection(() => keeper.current(), {
    session: (next, reason, retryAt) => {
      session = next;
      for (const watch of watches) {
        watch.use(next);
        if (reason !== null) watch.listener.trouble(reason, retryAt);
      }
    },
    stream: (status) => {
      for (const watch of watches) if (watch.camera === status.camera) watch.hear(status);
    },
    ptz: (event) => {
      for (const listener of steering) listener(event);
    },
    gone: (pictureId) => {
      for (const watch of watches) if (watch.owns(pictureId)) watch.restart();
    },
    anyCamera: () => [...watches][0]?.camera ?? null,
  });
  void connection.open();

  return {
    ticket,
    watch: (camera, quality, listener) => {
      const watch = new CameraWatch(camera, quality, listener);
      watches.add(watch);
      watch.use(session);
      return watch;
    },
    unwatch: (watch) => {
      watches.delete(watch);
      watch.close();
    },
    request: async (event, request) => {
      if (!session) throw new Error('视频服务未连接 (not connected to the media host)');
      return ask(session.socket, event, request);
    },
    onPtz: (listener) => {
      steering.add(listener);
      return () => steering.delete(listener);
    },
    close: () => {
      for (const watch of watches) watch.close();
      watches.clear();
      connection.close();
      keeper.close();
    },
  };
}
