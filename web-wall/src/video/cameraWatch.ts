import type { Quality, StreamStatus } from '@mingjing/contracts';
import { FilmPicture } from './filmPicture.ts';
import type { Carrier, CarrierHooks, FrameCounts, Picture, PictureFigures } from './picture.ts';
import { retryDelay } from './retryDelay.ts';
import { RtcPicture } from './rtcPicture.ts';
import type { SfuSession } from './sfuConnection.ts';

export interface WatchListener {
  /** The picture to show, or null while there is none. It is sent only after this returned. */
  picture: (picture: Picture | null) => void;
  /** What the media host says of the source. */
  status: (status: StreamStatus) => void;
  /** Why there is no picture and when it is tried again; both null once all is well. */
  trouble: (reason: string | null, retryAt: number | null) => void;
}

/** A stream that cannot be had gives way to the camera's other one, every so many tries. */
const OTHER_EVERY = 3;
const OTHER = { main: 'sub', sub: 'main' } as const;

/** One camera watched by one tile, across sessions, pauses, sizes and failures. */
export class CameraWatch {
  readonly camera: string;
  readonly listener: WatchListener;
  #session: SfuSession | null = null;
  #carrier: Carrier | null = null;
  #quality: Quality;
  #paused = false;
  #closed = false;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(camera: string, quality: Quality, listener: WatchListener) {
    this.camera = camera;
    this.#quality = quality;
    this.listener = listener;
  }

  /** Whether the media host means this one by the id of a picture. */
  owns(id: string): boolean {
    return this.#carrier?.owns(id) ?? false;
  }

  /** Goes on with a new session, or waits for one. */
  use(session: SfuSession | null): void {
    this.#drop();
    this.#session = session;
    this.#attempt = 0;
    if (!this.#paused) this.#begin();
  }

  /** The media host says how a stream of this camera is: heard when it is the one that is shown, or wanted. */
  hear(status: StreamStatus): void {
    const shown = this.#carrier?.quality ?? null;
    if (shown === null || status.quality === undefined || status.quality === shown)
      this.listener.status(status);
  }

  /** A hidden tile costs nothing: nothing is sent until it is seen again. */
  setPaused(paused: boolean): void {
    if (paused === this.#paused || this.#closed) return;
    this.#paused = paused;
    if (this.#carrier) this.#carrier.setPaused(paused);
    else if (!paused) this.#begin();
  }

  /** The whole picture for a large tile, the small one for a small tile. */
  setQuality(quality: Quality): void {
    this.#quality = quality;
    this.#carrier?.setQuality(quality);
  }

  /** What is known of the picture; null while there is none. */
  figures(): Promise<PictureFigures | null> {
    return this.#carrier?.figures() ?? Promise.resolve(null);
  }

  /** Frames of the picture; null where none are counted apart from the element that shows them. */
  frames(): Promise<FrameCounts | null> {
    return this.#carrier?.frames() ?? Promise.resolve(null);
  }

  /** The source ended or was replaced: watches it anew. */
  restart(): void {
    this.#again('the source was replaced');
  }

  close(): void {
    this.#closed = true;
    this.#drop();
    this.#session = null;
  }

  #begin(): void {
    clearTimeout(this.#retry);
    const session = this.#session;
    if (!session || this.#closed) return;
    let carrier: Carrier | null = null;
    const isCurrent = () => carrier === null || carrier === this.#carrier;
    const hooks: CarrierHooks = {
      picture: (picture) => {
        if (isCurrent()) this.listener.picture(picture);
      },
      ready: () => {
        if (!isCurrent()) return;
        this.#attempt = 0;
        this.listener.trouble(null, null);
      },
      failed: (reason) => {
        if (isCurrent()) this.#again(reason);
      },
    };
    const other = this.#attempt % OTHER_EVERY === OTHER_EVERY - 1;
    const quality = other ? OTHER[this.#quality] : this.#quality;
    const wish = { camera: this.camera, quality, paused: this.#paused };
    const { socket, rtc, films } = session;
    carrier = rtc ? new RtcPicture(socket, rtc, wish, hooks) : new FilmPicture(socket, films, wish, hooks);
    this.#carrier = carrier;
  }

  #drop(): void {
    clearTimeout(this.#retry);
    const carrier = this.#carrier;
    if (!carrier) return;
    this.#carrier = null;
    carrier.close();
    this.listener.picture(null);
  }

  #again(reason: string): void {
    this.#drop();
    if (this.#closed || !this.#session) return;
    this.#attempt += 1;
    const delay = retryDelay(this.#attempt);
    this.listener.trouble(reason, Date.now() + delay);
    this.#retry = setTimeout(() => {
      if (!this.#paused) this.#begin();
    }, delay);
  }
}
