/** Reading ISO base media files (ISO/IEC 14496-12): boxes of size, type and content. */

/** A box inside a buffer: its type, and where its content begins and it ends. */
export interface Box {
  type: string;
  start: number;
  end: number;
}

/** What ffmpeg writes is never larger; a larger size is no film. In bytes. */
const MOST = 256 * 1024 * 1024;

/**
 * The size of the box at an offset, its head included.
 * @returns undefined when its head is not whole yet
 * @throws RangeError when it is no box
 */
export function boxSize(bytes: Buffer, at: number): number | undefined {
  if (bytes.length < at + 8) return undefined;
  const short = bytes.readUInt32BE(at);
  if (short !== 1) return checked(short, 8);
  return bytes.length < at + 16 ? undefined : checked(Number(bytes.readBigUInt64BE(at + 8)), 16);
}

function checked(size: number, head: number): number {
  if (size < head || size > MOST) throw new RangeError(`a box of ${size} bytes: this is no fragmented MP4`);
  return size;
}

/** The boxes that lie one after the other from `start` to `end`. @throws RangeError when one is cut off */
export function boxesIn(bytes: Buffer, start: number, end: number): Box[] {
  const boxes: Box[] = [];
  for (let at = start; at < end;) {
    const size = boxSize(bytes, at);
    if (size === undefined || at + size > end) throw new RangeError(`the box at ${at} is cut off`);
    const head = bytes.readUInt32BE(at) === 1 ? 16 : 8;
    boxes.push({ type: bytes.toString('latin1', at + 4, at + 8), start: at + head, end: at + size });
    at += size;
  }
  return boxes;
}

/** The first box at a path of types, each inside the one before. */
export function boxAt(bytes: Buffer, within: Box, path: readonly string[]): Box | undefined {
  let found: Box | undefined = within;
  for (const type of path)
    found = found && boxesIn(bytes, found.start, found.end).find((box) => box.type === type);
  return found;
}
