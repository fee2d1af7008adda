/** FLV (Adobe's specification 10.1, annex E): how pictures that were pushed are handed to ffmpeg. */

/** The head of a film with pictures and no sound. */
export const FLV_HEAD = Buffer.from([0x46, 0x4c, 0x56, 1, 1, 0, 0, 0, 9, 0, 0, 0, 0]);

const VIDEO = 9;
const TAG_HEAD = 11;

/** One picture, or what its decoder needs, as a tag. @param time ms */
export function videoTag(body: Buffer, time: number): Buffer {
  const head = Buffer.alloc(TAG_HEAD);
  head.writeUInt8(VIDEO, 0);
  head.writeUIntBE(body.length, 1, 3);
  head.writeUIntBE(time & 0xff_ff_ff, 4, 3);
  head.writeUInt8((time >>> 24) & 0xff, 7);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(TAG_HEAD + body.length);
  return Buffer.concat([head, body, size]);
}

/** What a tag of video holds. */
export type Picture = 'parameters' | 'key' | 'other' | 'nothing';

/** AVC and, as newer encoders announce other codecs (enhanced RTMP), any that is named by four letters. */
export function pictureIn(body: Buffer): Picture {
  const first = body[0];
  const second = body[1];
  if (first === undefined || second === undefined) return 'nothing';
  const isNamed = (first & 0x80) !== 0;
  const kind = (first >> 4) & 0x07;
  const isAvc = !isNamed && (first & 0x0f) === 7;
  const packet = isNamed ? first & 0x0f : second;
  // 5: a command, 2: the end of a sequence.
  if (kind === 5 || ((isNamed || isAvc) && packet === 2)) return 'nothing';
  if ((isNamed || isAvc) && packet === 0) return 'parameters';
  return kind === 1 ? 'key' : 'other';
}

/** What a decoder of H.264 needs, as a tag of video carries it: AVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3). */
export function avcParameters(sps: Buffer, pps: Buffer): Buffer {
  const length = (bytes: Buffer): Buffer => Buffer.of(bytes.length >> 8, bytes.length & 0xff);
  return Buffer.concat([
    Buffer.of(0x17, 0, 0, 0, 0, 1),
    sps.subarray(1, 4),
    Buffer.of(0xff, 0xe1),
    length(sps),
    sps,
    Buffer.of(1),
    length(pps),
    pps,
  ]);
}

/** A picture of H.264, in units each with its length before it. */
export function avcPicture(units: readonly Buffer[], isKey: boolean): Buffer {
  const sized = units.flatMap((unit) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(unit.length);
    return [length, unit];
  });
  return Buffer.concat([Buffer.of(isKey ? 0x17 : 0x27, 1, 0, 0, 0), ...sized]);
}
