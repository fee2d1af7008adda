import { describe, expect, test } from '@jest/globals';
import { GroupOfPictures } from './groupOfPictures.ts';

/** An RTP packet (RFC 3550) of H.264: an SPS (type 7), which begins a key frame, or a slice (type 1). */
function packet(time: number, type: 7 | 1, size = 100): Buffer {
  const bytes = Buffer.alloc(12 + size);
  bytes.writeUInt8(0x80, 0);
  bytes.writeUInt32BE(time, 4);
  bytes.writeUInt8(0x60 | type, 12);
  return bytes;
}

describe('the group of pictures so far', () => {
  test('begins with each key frame, and is let go when it grows too large', () => {
    const group = new GroupOfPictures(1000);
    group.push(packet(1, 1));
    expect([group.packets.length, group.isTooLarge]).toEqual([0, false]);
    group.push(packet(2, 7));
    group.push(packet(3, 1));
    expect([group.packets.length, group.isTooLarge]).toEqual([2, false]);
    group.push(packet(4, 1, 900));
    expect([group.packets.length, group.isTooLarge]).toEqual([0, true]);
    group.push(packet(5, 1));
    expect([group.packets.length, group.isTooLarge]).toEqual([0, true]);
    group.push(packet(6, 7));
    expect([group.packets.length, group.isTooLarge]).toEqual([1, false]);
  });
});
