import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** A picture as pixels: three bytes each, red, green, blue, row by row. */
export interface Pixels {
  width: number;
  height: number;
  data: Buffer;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** More is no screen: 8K. A picture that says otherwise must not take all memory. */
const MOST_PIXELS = 7680 * 4320;

interface Header {
  width: number;
  height: number;
  channels: 3 | 4;
}

function headerOf(bytes: Buffer): Header {
  const width = bytes.readUInt32BE(0);
  const height = bytes.readUInt32BE(4);
  const [depth, colour, , , interlace] = bytes.subarray(8);
  if (depth !== 8 || (colour !== 2 && colour !== 6) || interlace !== 0)
    throw new Error(
      `PNG: expected 8 bits of RGB or RGBA, not interlaced; came depth ${depth}, colour ${colour}`,
    );
  if (width === 0 || height === 0 || width * height > MOST_PIXELS)
    throw new Error(`PNG: ${width} × ${height} is no screen`);
  return { width, height, channels: colour === 2 ? 3 : 4 };
}

function paeth(a: number, b: number, c: number): number {
  const p = a + b - c;
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}

/** Undoes the filter of each row in place (PNG, second edition, § 9). @returns the rows without their filter bytes */
function unfilter(raw: Buffer, { width, height, channels }: Header): Buffer {
  const stride = width * channels;
  if (raw.length < (stride + 1) * height) throw new Error('PNG: its data ends early');
  const out = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (stride + 1)];
    const row = y * stride;
    raw.copy(out, row, y * (stride + 1) + 1, (y + 1) * (stride + 1));
    if (filter === 0) continue;
    for (let x = 0; x < stride; x += 1) {
      const a = x >= channels ? (out[row + x - channels] ?? 0) : 0;
      const b = y > 0 ? (out[row - stride + x] ?? 0) : 0;
      const c = x >= channels && y > 0 ? (out[row - stride + x - channels] ?? 0) : 0;
      const add = filter === 1 ? a : filter === 2 ? b : filter === 3 ? (a + b) >> 1 : paeth(a, b, c);
      out[row + x] = ((out[row + x] ?? 0) + add) & 255;
    }
  }
  return out;
}

/** Reads a PNG as browsers take them. @throws Error for anything else */
export function decodePng(bytes: Buffer): Pixels {
  if (!bytes.subarray(0, 8).equals(SIGNATURE)) throw new Error('PNG: the bytes are no PNG');
  let header: Header | undefined;
  const parts: Buffer[] = [];
  for (let at = 8; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') header = headerOf(body);
    if (type === 'IDAT') parts.push(body);
    at += 12 + length;
  }
  if (!header) throw new Error('PNG: it has no header');
  const { width, height, channels } = header;
  const most = (width * channels + 1) * height;
  const rows = unfilter(inflateSync(Buffer.concat(parts), { maxOutputLength: most }), header);
  if (channels === 3) return { width, height, data: rows };
  const data = Buffer.alloc(width * height * 3);
  for (let from = 0, to = 0; to < data.length; from += 4, to += 3) rows.copy(data, to, from, from + 3);
  return { width, height, data };
}

function chunk(type: string, body: Buffer): Buffer {
  const out = Buffer.alloc(body.length + 12);
  out.writeUInt32BE(body.length, 0);
  out.write(type, 4, 'latin1');
  body.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + body.length)), 8 + body.length);
  return out;
}

/** Writes pixels as a PNG; rows as differences to the row above, which pages compress well by. */
export function encodePng({ width, height, data }: Pixels): Buffer {
  const stride = width * 3;
  const raw = Buffer.alloc((stride + 1) * height);
  for (let y = 0; y < height; y += 1) {
    raw[y * (stride + 1)] = 2;
    for (let x = 0; x < stride; x += 1) {
      const above = y > 0 ? (data[(y - 1) * stride + x] ?? 0) : 0;
      raw[y * (stride + 1) + 1 + x] = ((data[y * stride + x] ?? 0) - above) & 255;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const parts = [
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(raw, { level: 4 })),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([SIGNATURE, ...parts]);
}
