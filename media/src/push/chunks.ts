/** A message of RTMP (Adobe's specification 1.0, §5.4 and §6.1). */
export interface RtmpMessage {
  type: number;
  stream: number;
  /** ms, counting from 0 again after 2^32. */
  time: number;
  body: Buffer;
}

export const MESSAGE = {
  chunkSize: 1,
  abort: 2,
  acknowledgement: 3,
  windowSize: 5,
  peerBandwidth: 6,
  video: 9,
  command3: 17,
  command: 20,
} as const;

/** The size of chunks until somebody sets another, and the largest that is taken. In bytes. */
const FIRST_SIZE = 128;
const LARGEST_SIZE = 1024 * 1024;
/** Streams of chunks at once; encoders use four. */
const MOST_STREAMS = 32;
/** The length of a chunk's head by its format, without the basic one. */
const HEADS = [11, 7, 3, 0] as const;
const EXTENDED = 0xff_ff_ff;

/** What is known of a stream of chunks: the head of its last one, and what has come of the message. */
interface ChunkStream {
  field: number;
  time: number;
  length: number;
  type: number;
  stream: number;
  pieces: Buffer[];
  have: number;
}

interface Head {
  id: number;
  format: number;
  /** Where the message's head begins, and the chunk's payload. */
  at: number;
  payload: number;
  field: number;
}

/** Puts the messages of a connection together from the chunks into which they were cut (§5.3). */
export class ChunkReader {
  readonly #streams = new Map<number, ChunkStream>();
  #rest = Buffer.alloc(0);
  #size = FIRST_SIZE;
  /** A message may be so large, in bytes. Little, until it is known who speaks. */
  limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** @throws RangeError for what is no RTMP, or too much of it */
  push(bytes: Buffer): RtmpMessage[] {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const messages: RtmpMessage[] = [];
    let at = 0;
    for (;;) {
      const next = this.#chunk(all, at, messages);
      if (next === undefined) break;
      at = next;
    }
    this.#rest = Buffer.from(all.subarray(at));
    return messages;
  }

  /** @returns where the chunk ends; undefined when it is not whole yet */
  #chunk(all: Buffer, from: number, messages: RtmpMessage[]): number | undefined {
    const head = this.#head(all, from);
    if (!head) return undefined;
    const known = this.#streams.get(head.id);
    const stream = head.format === 3 ? known : described(all, head, known);
    if (!stream) throw new RangeError('RTMP: a chunk goes on that has not begun');
    if (stream.length > this.limit)
      throw new RangeError(`RTMP: a message of ${stream.length} bytes; expected ${this.limit} at most`);
    const end = head.payload + Math.min(this.#size, stream.length - stream.have);
    if (all.length < end) return undefined;
    if (!known && this.#streams.size >= MOST_STREAMS)
      throw new RangeError('RTMP: too many streams of chunks');
    this.#streams.set(head.id, stream);
    if (head.format === 3 && stream.have === 0) stream.time = (stream.time + stream.field) >>> 0;
    // A copy: what comes from the connection is not kept.
    stream.pieces.push(Buffer.from(all.subarray(head.payload, end)));
    stream.have += end - head.payload;
    if (stream.have === stream.length) this.#finish(stream, messages);
    return end;
  }

  #head(all: Buffer, from: number): Head | undefined {
    const first = all[from];
    if (first === undefined) return undefined;
    const format = first >> 6;
    const low = first & 0x3f;
    const at = from + (low === 0 ? 2 : low === 1 ? 3 : 1);
    const plain = at + (HEADS[format] ?? 0);
    if (all.length < plain) return undefined;
    const id = low === 0 ? 64 + all.readUInt8(from + 1) : low === 1 ? 64 + all.readUInt16LE(from + 1) : low;
    const known = this.#streams.get(id);
    const short = format === 3 ? undefined : all.readUIntBE(at, 3);
    // A chunk that goes on repeats the long time of the one before.
    const extended = short === undefined ? (known?.field ?? 0) >= EXTENDED : short === EXTENDED;
    const payload = plain + (extended ? 4 : 0);
    if (all.length < payload) return undefined;
    const field = extended ? all.readUInt32BE(plain) : (short ?? known?.field ?? 0);
    return { id, format, at, payload, field };
  }

  #finish(stream: ChunkStream, messages: RtmpMessage[]): void {
    const body = Buffer.concat(stream.pieces);
    stream.pieces = [];
    stream.have = 0;
    if (stream.type === MESSAGE.chunkSize) {
      this.#size = body.readUInt32BE(0);
      if (this.#size < 1 || this.#size > LARGEST_SIZE)
        throw new RangeError(`RTMP: chunks of ${this.#size} bytes; expected 1 to ${LARGEST_SIZE}`);
    } else if (stream.type === MESSAGE.abort) {
      const aborted = this.#streams.get(body.readUInt32BE(0));
      if (aborted) Object.assign(aborted, { pieces: [], have: 0 });
    } else {
      messages.push({ type: stream.type, stream: stream.stream, time: stream.time, body });
    }
  }
}

/** The stream of chunks after a chunk that says more of itself than that it goes on. */
function described(
  all: Buffer,
  { format, at, field }: Head,
  known: ChunkStream | undefined,
): ChunkStream | undefined {
  if (format !== 0 && !known) return undefined;
  const before = known ?? { field: 0, time: 0, length: 0, type: 0, stream: 0, pieces: [], have: 0 };
  if (before.have > 0) throw new RangeError('RTMP: a message begins before the one before it has ended');
  return {
    field,
    time: format === 0 ? field : (before.time + field) >>> 0,
    length: format < 2 ? all.readUIntBE(at + 3, 3) : before.length,
    type: format < 2 ? all.readUInt8(at + 6) : before.type,
    stream: format === 0 ? all.readUInt32LE(at + 7) : before.stream,
    pieces: [],
    have: 0,
  };
}

/** A message of ours as one chunk: none is longer than the size that we announce. */
export function writeMessage(type: number, stream: number, body: Buffer): Buffer {
  const head = Buffer.alloc(12);
  // Chunk stream 2 is for what concerns the connection itself (§5.4).
  head.writeUInt8(type < 8 ? 2 : 3, 0);
  head.writeUIntBE(body.length, 4, 3);
  head.writeUInt8(type, 7);
  head.writeUInt32LE(stream, 8);
  return Buffer.concat([head, body]);
}

/** A message with one number, as those that concern the connection are. */
export function writeNumber(type: number, value: number, ...more: number[]): Buffer {
  const body = Buffer.alloc(4);
  body.writeUInt32BE(value >>> 0);
  return writeMessage(type, 0, Buffer.concat([body, Buffer.from(more)]));
}
