import { Writable } from 'node:stream';

const START = Buffer.from([0xff, 0xd8, 0xff]);
const END = Buffer.from([0xff, 0xd9]);
/** No still is larger; what is, is garbage and dropped. */
const LARGEST = 4 * 1024 * 1024;

/**
 * Cuts a stream of JPEGs, one after the other, into pictures. Whatever stands before the first
 * (ffmpeg prints its SDP there) is skipped. Inside JPEG data FF is always escaped, so the end
 * marker ends the picture.
 */
export class JpegSplitter extends Writable {
  #pending: Buffer = Buffer.alloc(0);
  readonly #onPicture: (picture: Buffer) => void;

  constructor(onPicture: (picture: Buffer) => void) {
    super();
    this.#onPicture = onPicture;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    for (;;) {
      const from = this.#pending.indexOf(START);
      const to = from < 0 ? -1 : this.#pending.indexOf(END, from + START.length);
      if (to < 0) break;
      this.#onPicture(Buffer.from(this.#pending.subarray(from, to + END.length)));
      this.#pending = this.#pending.subarray(to + END.length);
    }
    if (this.#pending.length > LARGEST) this.#pending = Buffer.alloc(0);
    done();
  }
}
