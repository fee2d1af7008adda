import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { JpegSplitter } from './jpeg.ts';

/** Bytes as they may stand inside a JPEG: an FF is followed by 00. */
const inside = fc
  .uint8Array({ maxLength: 200 })
  .map((bytes) => [...bytes].flatMap((byte) => (byte === 0xff ? [0xff, 0] : [byte])));
const picture = inside.map((bytes) => Buffer.from([0xff, 0xd8, 0xff, 0xe0, ...bytes, 0xff, 0xd9]));

test('finds every picture, however the bytes are cut, behind whatever ffmpeg prints first', () => {
  fc.assert(
    fc.property(fc.array(picture, { maxLength: 5 }), fc.integer({ min: 1, max: 50 }), (pictures, cut) => {
      const found: Buffer[] = [];
      const splitter = new JpegSplitter((jpeg) => found.push(jpeg));
      const bytes = Buffer.concat([Buffer.from('SDP:\nv=0\n'), ...pictures]);
      for (let at = 0; at < bytes.length; at += cut)
        splitter._write(bytes.subarray(at, at + cut), 'buffer', () => undefined);
      expect(found).toEqual(pictures);
    }),
  );
});
