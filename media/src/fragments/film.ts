import { boxAt, boxesIn, type Box } from './boxes.ts';
import type { FragmentInit } from './fragments.ts';

/** What the head of a film says about its one video track. */
export interface Film extends FragmentInit {
  /** Units of media time in a second. */
  timescale: number;
  /** For samples of which the fragment does not say (trex). */
  defaultDuration: number;
  defaultFlags: number;
}

/** What a fragment says of itself: in seconds of media time. */
export interface FragmentTimes {
  mediaTime: number;
  duration: number;
  keyframe: boolean;
}

/** In the flags of a sample: it cannot be decoded without others (sample_is_non_sync_sample). */
const NON_SYNC = 0x1_00_00;

/** Where the sample entry of a picture has its width, and where its own boxes begin, from its content on. */
const ENTRY_SIZE_AT = 24;
const ENTRY_BOXES_AT = 78;

const hex = (value: number): string => value.toString(16).padStart(2, '0');

function required(box: Box | undefined, what: string): Box {
  if (!box) throw new RangeError(`the film says no ${what}`);
  return box;
}

/** The codec as RFC 6381 writes it: avc1.42e01f. */
function codecOf(bytes: Buffer, entry: Box): string {
  if (entry.type !== 'avc1' && entry.type !== 'avc3') return entry.type;
  const own = { ...entry, start: entry.start + ENTRY_BOXES_AT };
  const { start } = required(boxAt(bytes, own, ['avcC']), 'avcC');
  return `${entry.type}.${[1, 2, 3].map((at) => hex(bytes.readUInt8(start + at))).join('')}`;
}

/**
 * Reads the head of a film with one video track: `ftyp` and `moov` as they came.
 * @throws RangeError naming what is missing
 */
export function readFilm(bytes: Buffer): Film {
  const whole = { type: '', start: 0, end: bytes.length };
  const moov = required(boxAt(bytes, whole, ['moov']), 'moov');
  const mdhd = required(boxAt(bytes, moov, ['trak', 'mdia', 'mdhd']), 'mdhd');
  const stsd = required(boxAt(bytes, moov, ['trak', 'mdia', 'minf', 'stbl', 'stsd']), 'stsd');
  const [entry] = boxesIn(bytes, stsd.start + 8, stsd.end);
  const picture = required(entry, 'sample entry');
  const trex = required(boxAt(bytes, moov, ['mvex', 'trex']), 'trex');
  return {
    bytes,
    mimeType: `video/mp4; codecs="${codecOf(bytes, picture)}"`,
    width: bytes.readUInt16BE(picture.start + ENTRY_SIZE_AT),
    height: bytes.readUInt16BE(picture.start + ENTRY_SIZE_AT + 2),
    timescale: bytes.readUInt32BE(mdhd.start + (bytes.readUInt8(mdhd.start) === 1 ? 20 : 12)),
    defaultDuration: bytes.readUInt32BE(trex.start + 12),
    defaultFlags: bytes.readUInt32BE(trex.start + 20),
  };
}

interface Defaults {
  duration: number;
  flags: number;
}

/** The defaults of a fragment (tfhd), which hold for samples of which its run does not say. */
function defaultsOf(bytes: Buffer, { start }: Box, film: Film): Defaults {
  const flags = bytes.readUInt32BE(start) & 0xff_ff_ff;
  let at = start + 8;
  const next = (present: number, size: number): number | undefined => {
    if ((flags & present) === 0) return undefined;
    at += size;
    return at - size;
  };
  next(0x1, 8);
  next(0x2, 4);
  const duration = next(0x8, 4);
  next(0x10, 4);
  const own = next(0x20, 4);
  return {
    duration: duration === undefined ? film.defaultDuration : bytes.readUInt32BE(duration),
    flags: own === undefined ? film.defaultFlags : bytes.readUInt32BE(own),
  };
}

/** How long a run of samples lasts, in units of media time, and the flags of its first sample. */
function runOf(bytes: Buffer, { start }: Box, defaults: Defaults): Defaults {
  const flags = bytes.readUInt32BE(start) & 0xff_ff_ff;
  const count = bytes.readUInt32BE(start + 4);
  let at = start + 8 + ((flags & 0x1) === 0 ? 0 : 4);
  let first = defaults.flags;
  if ((flags & 0x4) !== 0) {
    first = bytes.readUInt32BE(at);
    at += 4;
  }
  let duration = 0;
  const has = (field: number): boolean => (flags & field) !== 0;
  const width = [0x100, 0x200, 0x400, 0x800].filter(has).length * 4;
  for (let sample = 0; sample < count; sample += 1, at += width) {
    duration += has(0x100) ? bytes.readUInt32BE(at) : defaults.duration;
    if (sample === 0 && has(0x400))
      first = bytes.readUInt32BE(at + (has(0x100) ? 4 : 0) + (has(0x200) ? 4 : 0));
  }
  return { duration, flags: first };
}

/** Reads when a fragment (`moof`) begins and how long it lasts. @throws RangeError naming what is missing */
export function readFragment(moof: Buffer, film: Film): FragmentTimes {
  const whole = { type: '', start: 0, end: moof.length };
  const traf = required(boxAt(moof, whole, ['moof', 'traf']), 'traf');
  const tfdt = required(boxAt(moof, traf, ['tfdt']), 'tfdt');
  const defaults = defaultsOf(moof, required(boxAt(moof, traf, ['tfhd']), 'tfhd'), film);
  const runs = boxesIn(moof, traf.start, traf.end)
    .filter(({ type }) => type === 'trun')
    .map((box) => runOf(moof, box, defaults));
  const from =
    moof.readUInt8(tfdt.start) === 1
      ? Number(moof.readBigUInt64BE(tfdt.start + 4))
      : moof.readUInt32BE(tfdt.start + 4);
  const duration = runs.reduce((sum, run) => sum + run.duration, 0);
  return {
    mediaTime: from / film.timescale,
    duration: duration / film.timescale,
    keyframe: runs[0] !== undefined && (runs[0].flags & NON_SYNC) === 0,
  };
}
