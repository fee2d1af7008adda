import type { FilmFragment, MediaServerEvents, Quality } from '@mingjing/contracts';
import { ask } from './ask.ts';
import type { MediaSocket } from './ask.ts';
import { FilmPlayer } from './filmPlayer.ts';
import { messageOf } from './picture.ts';
import type { Carrier, CarrierHooks, FrameCounts, PictureFigures, Wish } from './picture.ts';

type FilmInit = Parameters<MediaServerEvents['filmInit']>[0];

/** Who takes the pieces of a film, by the film's name. */
export interface FilmTaker {
  init: (init: FilmInit) => void;
  fragment: (fragment: FilmFragment) => void;
}
export type FilmTakers = Map<string, FilmTaker>;

let lastNumber = 0;

/** A camera's film over the signalling connection: for browsers that WebRTC does not reach. */
export class FilmPicture implements Carrier {
  readonly #socket: MediaSocket;
  readonly #takers: FilmTakers;
  readonly #camera: string;
  readonly #hooks: CarrierHooks;
  #player: FilmPlayer | null = null;
  /** The film that is shown, and the one that is to be. */
  #film: string | null = null;
  #coming: string | null = null;
  #quality: Quality | null = null;
  #wanted: Quality;
  #paused: boolean;
  #closed = false;
  #last: { at: number; bytes: number; frames: number } | null = null;
  #video: HTMLVideoElement | null = null;

  constructor(
    socket: MediaSocket,
    takers: FilmTakers,
    { camera, quality, paused }: Wish,
    hooks: CarrierHooks,
  ) {
    this.#socket = socket;
    this.#takers = takers;
    this.#camera = camera;
    this.#wanted = quality;
    this.#paused = paused;
    this.#hooks = hooks;
    hooks.picture({ carriedBy: 'film', attach: (video) => this.#attach(video) });
    if (!paused) void this.#open();
  }

  get quality(): Quality | null {
    return this.#quality;
  }

  owns(id: string): boolean {
    return id === this.#film || id === this.#coming;
  }

  setPaused(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    if (paused) this.#end();
    else void this.#open();
  }

  setQuality(quality: Quality): void {
    if (quality === this.#wanted) return;
    this.#wanted = quality;
    if (!this.#paused) void this.#open();
  }

  figures(): Promise<PictureFigures | null> {
    if (!this.#player || this.#quality === null) return Promise.resolve(null);
    const now = {
      at: performance.now(),
      bytes: this.#player.bytes,
      frames: this.#video?.getVideoPlaybackQuality().totalVideoFrames ?? 0,
    };
    const before = this.#last;
    this.#last = now;
    const seconds = before ? (now.at - before.at) / 1000 : 0;
    const rates =
      before && seconds > 0
        ? {
            bitrate: ((now.bytes - before.bytes) * 8) / seconds,
            rate: (now.frames - before.frames) / seconds,
          }
        : { bitrate: null, rate: null };
    return Promise.resolve({
      carriedBy: 'film',
      quality: this.#quality,
      ...rates,
      delay: this.#player.delay,
    });
  }

  /** A film is decoded by the element. */
  frames(): Promise<FrameCounts | null> {
    return Promise.resolve(null);
  }

  close(): void {
    this.#closed = true;
    this.#end();
    this.#player?.close();
  }

  #attach(video: HTMLVideoElement): () => void {
    const player = new FilmPlayer(video, (reason) => {
      if (!this.#closed) this.#hooks.failed(reason);
    });
    this.#player = player;
    this.#video = video;
    return () => player.close();
  }

  async #open(): Promise<void> {
    if (this.#coming !== null) this.#unfilm(this.#coming);
    lastNumber += 1;
    const film = `film-${lastNumber}`;
    this.#coming = film;
    this.#takers.set(film, {
      init: ({ mimeType, bytes }) => {
        this.#change(film);
        this.#player?.begin(mimeType, bytes);
      },
      fragment: (fragment) => {
        if (film === this.#film) this.#player?.push(fragment);
      },
    });
    try {
      const request = { film, camera: this.#camera, quality: this.#wanted };
      const { quality } = await ask(this.#socket, 'film', request);
      if (!this.owns(film)) return;
      this.#quality = quality;
      this.#hooks.ready();
    } catch (error) {
      if (!this.owns(film) || this.#closed) return;
      this.#unfilm(film);
      this.#coming = null;
      if (this.#film === null) this.#hooks.failed(messageOf(error));
    }
  }

  /** The film that was to come has begun: the one before ends. */
  #change(film: string): void {
    if (film !== this.#coming) return;
    if (this.#film !== null) this.#unfilm(this.#film);
    this.#film = film;
    this.#coming = null;
  }

  #end(): void {
    for (const film of [this.#film, this.#coming]) if (film !== null) this.#unfilm(film);
    this.#film = null;
    this.#coming = null;
  }

  #unfilm(film: string): void {
    this.#takers.delete(film);
    if (this.#socket.connected) this.#socket.emit('unwatch', { film }, () => undefined);
  }
}
