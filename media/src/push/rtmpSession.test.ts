import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readAmf, writeAmf } from './amf.ts';
import { MESSAGE, writeMessage, writeNumber } from './chunks.ts';
import { RtmpSession } from './rtmpSession.ts';

const GREETING = Buffer.concat([Buffer.of(3), Buffer.alloc(2 * 1536)]);
const KEY = 'the-key-of-a-stream-0001';
const command = (...values: Parameters<typeof writeAmf>): Buffer =>
  writeMessage(MESSAGE.command, 1, writeAmf(...values));

/** A message in chunks of 128 bytes, as an encoder cuts it before it has said otherwise. */
function cut(type: number, time: number, body: Buffer, size = 128): Buffer {
  const whole = writeMessage(type, 1, body);
  const head = whole.subarray(0, 12);
  head.writeUIntBE(time, 1, 3);
  const pieces = [head];
  for (let at = 0; at < body.length; at += size)
    pieces.push(...(at > 0 ? [Buffer.of(0xc3)] : []), body.subarray(at, at + size));
  return Buffer.concat(pieces);
}

/** A session to which bytes come in pieces of any size. */
async function converse(bytes: Buffer, pieceSize: number) {
  const heard = { keys: [] as string[], pictures: [] as [string, number][], ends: [] as string[], sent: 0 };
  const session = new RtmpSession({
    send: (sent) => (heard.sent += sent.length),
    onPublish: (key) => {
      heard.keys.push(key);
      return Promise.resolve(key === KEY);
    },
    onPicture: (body, time) => heard.pictures.push([body.toString('latin1'), time]),
    onEnd: (why) => heard.ends.push(why),
  });
  for (let at = 0; at < bytes.length; at += pieceSize) {
    session.push(Buffer.from(bytes.subarray(at, at + pieceSize)));
    await Promise.resolve();
    await Promise.resolve();
  }
  return heard;
}

const hello = Buffer.concat([
  GREETING,
  cut(
    MESSAGE.command,
    0,
    writeAmf('connect', 1, { app: 'live', flashVer: 'FMLE/3.0', tcUrl: 'x'.repeat(300) }),
  ),
  command('createStream', 2, null),
]);

describe('an RTMP session', () => {
  test.each([1, 7, 1000, 100_000])('is understood in pieces of %i bytes', async (pieceSize) => {
    const long = Buffer.alloc(1000, 'p');
    const bytes = Buffer.concat([
      hello,
      cut(MESSAGE.command, 0, writeAmf('publish', 3, null, `${KEY}?from=obs`, 'live')),
      writeNumber(4, 0),
      cut(MESSAGE.video, 40, long),
      // The encoder's clock, and larger chunks from here.
      writeNumber(MESSAGE.chunkSize, 600),
      cut(MESSAGE.video, 80, long, 600),
      command('deleteStream', 4, null, 1),
    ]);
    const { keys, pictures, ends } = await converse(bytes, pieceSize);
    expect(keys).toEqual([KEY]);
    expect(pictures.slice(-1)).toEqual(pieceSize > 2000 ? [] : [[long.toString('latin1'), 80]]);
    expect(ends).toEqual(['the publisher has ended']);
  });

  test('sends away who has no key, and who wants to watch', async () => {
    const other = await converse(
      Buffer.concat([hello, command('publish', 3, null, 'guessed', 'live')]),
      5000,
    );
    expect(other).toMatchObject({ pictures: [], ends: ['the stream key is not known'] });
    const viewer = await converse(Buffer.concat([hello, command('play', 3, null, KEY)]), 5000);
    expect(viewer).toMatchObject({ keys: [], ends: ['this server is pushed to'] });
  });

  test('refuses whatever else comes with a RangeError, and no other way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), async (noise, greeted) => {
        const bytes = Buffer.concat([...(greeted ? [hello] : []), noise]);
        await converse(bytes, 97).catch((problem: unknown) =>
          expect(problem).toHaveProperty('name', 'RangeError'),
        );
      }),
      { numRuns: 300 },
    );
  });
});

test('AMF comes out as it went in', () => {
  const values = ['publish', 3, null, true, { name: '大厅', inside: { deep: -1.5 } }] as const;
  expect(readAmf(writeAmf(...values))).toEqual(values);
  const nested = Buffer.concat([...Array<Buffer>(100).fill(Buffer.of(10, 0, 0, 0, 1)), Buffer.of(5)]);
  expect(() => readAmf(nested)).toThrow('nested too deeply');
});
