import { boxSize } from './boxes.ts';
import { readFilm, readFragment, type Film, type FragmentTimes } from './film.ts';
import type { FragmentInit } from './fragments.ts';

export interface SplitHooks {
  onInit: (init: FragmentInit) => void;
  onFragment: (bytes: Buffer, times: FragmentTimes) => void;
}

/**
 * Cuts a fragmented MP4, as it comes out of ffmpeg in pieces of any size, into its head and its fragments
 * (`moof` and `mdat`).
 */
export class FragmentSplitter {
  readonly #hooks: SplitHooks;
  #pieces: Buffer[] = [];
  #held = 0;
  /** How many bytes are needed before anything can be done. */
  #needed = 8;
  #head: Buffer[] = [];
  #film: Film | undefined;
  #moof: Buffer | undefined;

  constructor(hooks: SplitHooks) {
    this.#hooks = hooks;
  }

  /** @throws RangeError when this is no fragmented MP4 with one video track */
  push(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#held += piece.length;
    if (this.#held < this.#needed) return;
    let bytes = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces);
    for (;;) {
      const size = boxSize(bytes, 0);
      if (size === undefined || bytes.length < size) {
        this.#needed = size ?? bytes.length + 1;
        break;
      }
      this.#take(bytes.subarray(0, size));
      bytes = bytes.subarray(size);
    }
    this.#pieces = bytes.length === 0 ? [] : [bytes];
    this.#held = bytes.length;
  }

  #take(box: Buffer): void {
    switch (box.toString('latin1', 4, 8)) {
      case 'ftyp':
        this.#head = [box];
        return;
      case 'moov':
        this.#film = readFilm(Buffer.concat([...this.#head, box]));
        this.#hooks.onInit(this.#film);
        return;
      case 'moof':
        this.#moof = box;
        return;
      case 'mdat':
        this.#finish(box);
        return;
      default:
      // `styp`, `sidx`, `free` and the index at the end say nothing that is needed.
    }
  }

  #finish(mdat: Buffer): void {
    const moof = this.#moof;
    this.#moof = undefined;
    if (!moof || !this.#film) throw new RangeError('pictures without a head: this is no fragmented MP4');
    this.#hooks.onFragment(Buffer.concat([moof, mdat]), readFragment(moof, this.#film));
  }
}
