/** How long a film may be that is put together from recordings: the middle of it is where it was begun. In ms. */
const LENGTH_MS = 4 * 86_400_000;

/** The browser cannot play what was recorded. */
export class Unplayable extends Error {
  override name = 'Unplayable';
}

/** There is no room for more in the browser's buffer. */
export class BufferFull extends Error {
  override name = 'BufferFull';
}

/** A video element fed piece by piece, on a time line that is wall-clock time: ms since the epoch in, and out. */
export class MediaTrack {
  readonly #video: HTMLVideoElement;
  readonly #source = new MediaSource();
  readonly #url: string;
  /** The instant at which the film's own time is 0. */
  readonly #origin: number;
  readonly #opened: Promise<void>;
  #buffer: SourceBuffer | null = null;
  #mimeType = '';
  #closed = false;

  constructor(video: HTMLVideoElement, around: number) {
    this.#video = video;
    this.#origin = Math.floor(around) - LENGTH_MS / 2;
    this.#opened = new Promise((resolve) => {
      this.#source.addEventListener(
        'sourceopen',
        () => {
          // A film of known length: any instant of it may be sought before anything is there.
          this.#source.duration = LENGTH_MS / 1000;
          resolve();
        },
        { once: true },
      );
    });
    this.#url = URL.createObjectURL(this.#source);
    video.src = this.#url;
  }

  /** Whether an instant lies on this track's time line. */
  spans(at: number): boolean {
    return at > this.#origin + 1000 && at < this.#origin + LENGTH_MS - 1000;
  }

  /** The instant that the video element stands at. */
  get at(): number {
    return this.instantOf(this.#video.currentTime);
  }

  /** The instant up to which there are pictures; null before the first. */
  get end(): number | null {
    const { buffered } = this.#video;
    return buffered.length === 0 ? null : this.instantOf(buffered.end(buffered.length - 1));
  }

  instantOf(seconds: number): number {
    return this.#origin + seconds * 1000;
  }

  seek(at: number): void {
    this.#video.currentTime = (at - this.#origin) / 1000;
  }

  /** Whether the picture of an instant is there. */
  holds(at: number): boolean {
    const seconds = (at - this.#origin) / 1000;
    const { buffered } = this.#video;
    for (let index = 0; index < buffered.length; index += 1)
      if (seconds >= buffered.start(index) && seconds < buffered.end(index)) return true;
    return false;
  }

  /**
   * Adds a file.
   * @param startedAt the wall-clock time of its first frame, in ms; `mediaTime` that frame's own time in the file, in seconds
   * @throws Unplayable, BufferFull
   */
  async append(bytes: BufferSource, mimeType: string, startedAt: number, mediaTime: number): Promise<void> {
    await this.#opened;
    if (this.#closed) return;
    const buffer = this.#bufferFor(mimeType);
    buffer.timestampOffset = (startedAt - this.#origin) / 1000 - mediaTime;
    await this.#update(buffer, () => buffer.appendBuffer(bytes));
  }

  /** Lets go of a span, in ms since the epoch. */
  async remove(from: number, to: number): Promise<void> {
    const buffer = this.#buffer;
    if (!buffer || this.#closed) return;
    const start = Math.max(0, (from - this.#origin) / 1000);
    const end = (to - this.#origin) / 1000;
    if (end > start) await this.#update(buffer, () => buffer.remove(start, end));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#video.removeAttribute('src');
    this.#video.load();
    URL.revokeObjectURL(this.#url);
  }

  #bufferFor(mimeType: string): SourceBuffer {
    if (!MediaSource.isTypeSupported(mimeType)) throw new Unplayable(mimeType);
    if (!this.#buffer) {
      this.#buffer = this.#source.addSourceBuffer(mimeType);
    } else if (mimeType !== this.#mimeType) {
      this.#buffer.changeType(mimeType);
    }
    this.#mimeType = mimeType;
    return this.#buffer;
  }

  #update(buffer: SourceBuffer, begin: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const listening = new AbortController();
      const { signal } = listening;
      let failed = false;
      buffer.addEventListener('error', () => (failed = true), { signal });
      // The source is gone when the track was closed meanwhile: nobody waits for more.
      this.#source.addEventListener('sourceclose', () => resolve(), { signal });
      buffer.addEventListener(
        'updateend',
        () => {
          listening.abort();
          if (failed) reject(new Unplayable(this.#video.error?.message ?? this.#mimeType));
          else resolve();
        },
        { signal },
      );
      try {
        begin();
      } catch (error) {
        listening.abort();
        const full = error instanceof DOMException && error.name === 'QuotaExceededError';
        if (this.#closed) resolve();
        else reject(full ? new BufferFull() : error instanceof Error ? error : new Error(String(error)));
      }
    });
  }
}
