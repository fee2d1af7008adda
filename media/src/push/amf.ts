/** AMF 0 (Action Message Format, Adobe 2007), as far as RTMP commands carry it. */
export type AmfValue = string | number | boolean | null | AmfValue[] | { [name: string]: AmfValue };

const NUMBER = 0;
const BOOLEAN = 1;
const STRING = 2;
const OBJECT = 3;
const NULL = 5;
const UNDEFINED = 6;
const ECMA_ARRAY = 8;
const OBJECT_END = 9;
const STRICT_ARRAY = 10;
const LONG_STRING = 12;

/** No encoder nests deeper; whoever does wants to exhaust the stack. */
const DEEPEST = 8;

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get hasMore(): boolean {
    return this.#at < this.#bytes.length;
  }

  value(depth = 0): AmfValue {
    if (depth > DEEPEST) throw new RangeError('AMF: nested too deeply');
    const type = this.#bytes.readUInt8(this.#step(1));
    switch (type) {
      case NUMBER:
        return this.#bytes.readDoubleBE(this.#step(8));
      case BOOLEAN:
        return this.#bytes.readUInt8(this.#step(1)) !== 0;
      case STRING:
        return this.#text(this.#bytes.readUInt16BE(this.#step(2)));
      case LONG_STRING:
        return this.#text(this.#bytes.readUInt32BE(this.#step(4)));
      case NULL:
      case UNDEFINED:
        return null;
      case ECMA_ARRAY:
        this.#step(4);
        return this.#object(depth);
      case OBJECT:
        return this.#object(depth);
      case STRICT_ARRAY: {
        const count = this.#bytes.readUInt32BE(this.#step(4));
        const values: AmfValue[] = [];
        while (values.length < count) values.push(this.value(depth + 1));
        return values;
      }
      default:
        throw new RangeError(`AMF: a value of type ${type}; expected 0 to 12`);
    }
  }

  /** Goes on by so many bytes. @returns where they begin; reading past the end throws RangeError */
  #step(bytes: number): number {
    this.#at += bytes;
    return this.#at - bytes;
  }

  #text(length: number): string {
    const start = this.#step(length);
    if (this.#at > this.#bytes.length) throw new RangeError('AMF: a text is cut off');
    return this.#bytes.toString('utf8', start, this.#at);
  }

  #object(depth: number): AmfValue {
    const entries = new Map<string, AmfValue>();
    for (;;) {
      const name = this.#text(this.#bytes.readUInt16BE(this.#step(2)));
      if (name === '' && this.#bytes[this.#at] === OBJECT_END) {
        this.#step(1);
        return Object.fromEntries(entries);
      }
      entries.set(name, this.value(depth + 1));
    }
  }
}

/** Reads all values, one after the other. @throws RangeError for what is no AMF 0 */
export function readAmf(bytes: Buffer): AmfValue[] {
  const reader = new Reader(bytes);
  const values: AmfValue[] = [];
  while (reader.hasMore) values.push(reader.value());
  return values;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function written(value: Exclude<AmfValue, AmfValue[]>): Buffer {
  if (value === null) return Buffer.of(NULL);
  if (typeof value === 'boolean') return Buffer.of(BOOLEAN, Number(value));
  if (typeof value === 'string') return Buffer.concat([Buffer.of(STRING), text(value)]);
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(9, NUMBER);
    bytes.writeDoubleBE(value, 1);
    return bytes;
  }
  const entries = Object.entries(value).flatMap(([name, inside]) => [
    text(name),
    written(inside as Exclude<AmfValue, AmfValue[]>),
  ]);
  return Buffer.concat([Buffer.of(OBJECT), ...entries, Buffer.of(0, 0, OBJECT_END)]);
}

/** Writes values, one after the other. */
export function writeAmf(...values: Exclude<AmfValue, AmfValue[]>[]): Buffer {
  return Buffer.concat(values.map(written));
}
