import type { Fragment, FragmentInit } from './fragments.ts';
import { namedSps, sentSps } from './parameterSets.ts';
import { FragmentSplitter } from './splitter.ts';
import { WallTime } from './wallTime.ts';

/** The camera sends something else than before: another codec, or another size. The message is for viewers. */
export class PictureChanged extends Error {
  override name = 'PictureChanged';
}

export interface FilmReaderHooks {
  onFilm: (init: FragmentInit) => void;
  onFragment: (fragment: Fragment) => void;
}

/** Reads the film of one run of ffmpeg: cuts it, tells its wall-clock time, and notices a picture that is not the old one. */
export class FilmReader {
  readonly #splitter: FragmentSplitter;

  /**
   * @param copied it is as the camera sent it
   * @param now ms since the epoch
   */
  constructor(copied: boolean, now: () => number, { onFilm, onFragment }: FilmReaderHooks) {
    const wallTime = new WallTime();
    let sps: Buffer | undefined;
    this.#splitter = new FragmentSplitter({
      onInit: (init) => {
        sps = namedSps(init.bytes);
        if (!sps) throw new PictureChanged('摄像机编码已更改，重新连接 (the codec has changed)');
        onFilm(init);
      },
      onFragment: (bytes, times) => {
        const sent = copied && times.keyframe ? sentSps(bytes) : undefined;
        if (sent && sps && !sent.equals(sps))
          throw new PictureChanged('画面格式已更改，重新连接 (the format of the picture has changed)');
        onFragment({ bytes, ...times, wallTime: wallTime.of(times, now()) });
      },
    });
  }

  /** @throws PictureChanged; RangeError when this is no fragmented MP4 */
  push(bytes: Buffer): void {
    this.#splitter.push(bytes);
  }
}
