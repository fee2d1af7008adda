import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';
import { codeOf, messageOf } from '../outbox/index.ts';
import { LogError } from '../mapping/index.ts';

/** Small, because gzip can blow it up a thousandfold. */
const CHUNK_BYTES = 32 * 1024;

/** Whether a file begins as gzip does (RFC 1952): its name may say otherwise. */
async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

/**
 * Unpacks gzip a chunk at a time. Everything that was unpacked before the data break off is given before
 * the error is thrown; a stream in a pipeline would drop what is still in its buffer.
 */
async function* gunzipped(raw: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const ready: Buffer[] = [];
  const failures: unknown[] = [];
  const ended = new Promise<void>((resolve) => {
    gunzip.on('data', (chunk: Buffer) => ready.push(chunk));
    gunzip.on('end', resolve);
    gunzip.on('error', (error) => {
      failures.push(error);
      resolve();
    });
  });
  try {
    for await (const chunk of raw) {
      await Promise.race([ended, new Promise<void>((resolve) => gunzip.write(chunk, () => resolve()))]);
      yield* ready.splice(0);
      if (failures.length > 0) throw failures[0];
    }
    gunzip.end();
    await ended;
    yield* ready.splice(0);
    if (failures.length > 0) throw failures[0];
  } finally {
    gunzip.destroy();
  }
}

/** The encoding that a text names itself: by its byte order mark, else in its XML declaration; UTF-8 otherwise. */
function encodingOf(start: Buffer): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  return (
    /^(?:\xef\xbb\xbf)?<\?xml[^>]*\sencoding=["']([\w.-]+)["']/.exec(start.toString('latin1'))?.[1] ?? 'utf-8'
  );
}

function decoderFor(encoding: string, file: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch (error) {
    throw new LogError(`${file}: unknown encoding "${encoding}": ${messageOf(error)}`);
  }
}

function explain(error: unknown, file: string, line: number): LogError {
  if (error instanceof LogError) return error;
  const code = codeOf(error) ?? '';
  if (code === 'Z_BUF_ERROR')
    return new LogError(`${file} line ${line}: the gzip data end too early: the file is cut off`);
  if (code.startsWith('Z_'))
    return new LogError(`${file} line ${line}: the gzip data are damaged: ${messageOf(error)}`);
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return new LogError(
      `${file} line ${line}: the bytes are not of the file's encoding: ${messageOf(error)}`,
    );
  }
  return new LogError(`${file}: ${messageOf(error)}`);
}

/**
 * The text of a file, a piece at a time, gunzipped where it is gzip.
 * @param encoding of the text; found out from its beginning unless told
 * @param line the line reached so far, for messages
 * @throws LogError naming the file, and the line where the data break off
 */
export async function* readText(file: string, line: () => number, encoding?: string): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  try {
    const packed = await isGzip(file);
    const raw: AsyncIterable<Buffer> = createReadStream(file, { highWaterMark: CHUNK_BYTES });
    for await (const chunk of packed ? gunzipped(raw) : raw) {
      decoder ??= decoderFor(encoding ?? encodingOf(chunk), file);
      yield decoder.decode(chunk, { stream: true });
    }
    if (decoder) yield decoder.decode();
  } catch (error) {
    throw explain(error, file, line());
  }
}
