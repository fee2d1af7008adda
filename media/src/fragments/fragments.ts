/** The head of a fragmented MP4: what a player needs before the first fragment. */
export interface FragmentInit {
  bytes: Buffer;
  /** As MediaSource wants it: video/mp4; codecs="avc1.42e01f". */
  mimeType: string;
  width: number;
  height: number;
}

/** A piece of fragmented MP4 (moof and mdat), a fraction of a second long. */
export interface Fragment {
  bytes: Buffer;
  /** Begins with a key frame: a player, or a file, can begin here. */
  keyframe: boolean;
  /** The decode time of its first frame inside the film, and its length, in seconds. */
  mediaTime: number;
  duration: number;
  /** The wall-clock time of its first frame, in ms since the epoch. */
  wallTime: number;
}

export interface FragmentListener {
  /** Before the first fragment, and again whenever the source began anew: what follows is another film. */
  onInit: (init: FragmentInit) => void;
  onFragment: (fragment: Fragment) => void;
}

/** How far back a new listener is taken. A camera whose groups of pictures are larger begins at the next one. In bytes. */
const MOST_KEPT = 16 * 1024 * 1024;

/**
 * The film of one stream as it is made, for the recorder and for browsers that WebRTC does not reach.
 * Who comes late is given the head and everything since the last key frame at once.
 */
export class Fragments {
  #init: FragmentInit | undefined;
  #since: Fragment[] = [];
  #bytes = 0;
  readonly #listeners = new Set<FragmentListener>();

  /** Begins another film: a new run of ffmpeg. */
  begin(init: FragmentInit): void {
    this.#init = init;
    this.#forget();
    for (const listener of [...this.#listeners]) listener.onInit(init);
  }

  push(fragment: Fragment): void {
    if (fragment.keyframe) this.#forget();
    if (fragment.keyframe || this.#since.length > 0) this.#keep(fragment);
    for (const listener of [...this.#listeners]) listener.onFragment(fragment);
  }

  /** The film has ended; another may begin. */
  end(): void {
    this.#init = undefined;
    this.#forget();
  }

  /** @returns how the listener leaves */
  subscribe(listener: FragmentListener): () => void {
    const own: FragmentListener = {
      onInit: (init) => listener.onInit(init),
      onFragment: (fragment) => listener.onFragment(fragment),
    };
    this.#listeners.add(own);
    if (this.#init) {
      own.onInit(this.#init);
      for (const fragment of this.#since) own.onFragment(fragment);
    }
    return () => this.#listeners.delete(own);
  }

  #keep(fragment: Fragment): void {
    this.#bytes += fragment.bytes.length;
    if (this.#bytes > MOST_KEPT) this.#forget();
    else this.#since.push(fragment);
  }

  #forget(): void {
    this.#since = [];
    this.#bytes = 0;
  }
}
