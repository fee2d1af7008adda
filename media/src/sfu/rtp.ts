/** Reading and writing RTP packets that carry H.264 (RFC 3550, RFC 6184). */

/** The fixed part of a packet's head, in bytes. */
const HEAD = 12;

const NAL_IDR = 5;
const NAL_SPS = 7;
const STAP_A = 24;
const FU_A = 28;

/** Where the payload begins, and where it ends before padding; undefined for what is no RTP packet. */
export function payloadOf(packet: Buffer): { start: number; end: number } | undefined {
  if (packet.length < HEAD || packet.readUInt8(0) >> 6 !== 2) return undefined;
  const first = packet.readUInt8(0);
  let start = HEAD + 4 * (first & 0x0f);
  if ((first & 0x10) !== 0) {
    if (packet.length < start + 4) return undefined;
    start += 4 + 4 * packet.readUInt16BE(start + 2);
  }
  const padding = (first & 0x20) === 0 ? 0 : packet.readUInt8(packet.length - 1);
  const end = packet.length - padding;
  return start < end ? { start, end } : undefined;
}

/** The time of a packet's picture, in 1/90000 s; counts from 0 again after 2^32. */
export function timeOf(packet: Buffer): number {
  return packet.readUInt32BE(4);
}

/** Whether a key frame begins in a packet: its parameter set, or its first slice. False for what is no RTP packet. */
export function beginsKeyFrame(packet: Buffer): boolean {
  const payload = payloadOf(packet);
  if (!payload) return false;
  const kind = packet.readUInt8(payload.start) & 0x1f;
  if (kind === NAL_IDR || kind === NAL_SPS) return true;
  if (kind === FU_A && payload.end > payload.start + 1) {
    const unit = packet.readUInt8(payload.start + 1);
    return (unit & 0x80) !== 0 && (unit & 0x1f) === NAL_IDR;
  }
  if (kind !== STAP_A) return false;
  for (let at = payload.start + 1; at + 2 < payload.end; at += 2 + packet.readUInt16BE(at)) {
    const unit = packet.readUInt8(at + 2) & 0x1f;
    if (unit === NAL_IDR || unit === NAL_SPS) return true;
  }
  return false;
}

/** What a packet is to say of itself instead. */
export interface Restamp {
  payloadType: number;
  sequence: number;
  time: number;
  ssrc: number;
}

/** The same payload with another head; header extensions and padding are left out. */
export function restamped(
  packet: Buffer,
  { payloadType, sequence, time, ssrc }: Restamp,
): Buffer | undefined {
  const payload = payloadOf(packet);
  if (!payload) return undefined;
  const head = Buffer.alloc(HEAD);
  head.writeUInt8(0x80, 0);
  head.writeUInt8((packet.readUInt8(1) & 0x80) | payloadType, 1);
  head.writeUInt16BE(sequence & 0xffff, 2);
  head.writeUInt32BE(time >>> 0, 4);
  head.writeUInt32BE(ssrc, 8);
  return Buffer.concat([head, packet.subarray(payload.start, payload.end)]);
}
