import { expect, test } from '@jest/globals';
import { H264Packets, type PacketPicture } from './h264Packets.ts';

const SPS = Buffer.from([0x67, 0x42, 0xe0, 0x1f]);
const PPS = Buffer.from([0x68, 1]);

function packet(sequence: number, time: number, payload: Buffer, isLast = false): Buffer {
  const head = Buffer.alloc(12, 0);
  head.writeUInt8(0x80, 0);
  head.writeUInt8((isLast ? 0x80 : 0) | 100, 1);
  head.writeUInt16BE(sequence & 0xffff, 2);
  head.writeUInt32BE(time >>> 0, 4);
  return Buffer.concat([head, payload]);
}

/** A key frame with its parameter sets in three packets, and a picture after it in one. */
function group(sequence: number, time: number, name: number): Buffer[] {
  const sets = Buffer.concat([Buffer.of(24, 0, SPS.length), SPS, Buffer.of(0, PPS.length), PPS]);
  return [
    packet(sequence, time, sets),
    packet(sequence + 1, time, Buffer.of(0x7c, 0x85, name)),
    packet(sequence + 2, time, Buffer.of(0x7c, 0x45, name), true),
    packet(sequence + 3, time + 6000, Buffer.of(0x41, name), true),
  ];
}

function read(packets: readonly Buffer[]) {
  const heard = { pictures: [] as PacketPicture[], parameters: 0, lost: 0 };
  const reader = new H264Packets({
    onParameters: () => (heard.parameters += 1),
    onPicture: (picture) => heard.pictures.push(picture),
    onLost: () => (heard.lost += 1),
  });
  for (const one of packets) reader.push(one);
  return heard;
}

const KEY = { units: [Buffer.of(0x65, 1, 1)], isKey: true, time: 0 };
const AFTER = { units: [Buffer.of(0x41, 1)], isKey: false, time: 67 };

test('pictures are put together, over the end of the sequence and of the time, in any order', () => {
  const late = 0x1_0000_0000 - 3000;
  const inOrder = group(65_534, late, 1);
  expect(read(inOrder)).toEqual({ pictures: [KEY, AFTER], parameters: 1, lost: 0 });
  const [first, second, third, fourth] = inOrder as [Buffer, Buffer, Buffer, Buffer];
  const mixed = [first, third, fourth, second, second];
  expect(read(mixed)).toEqual({ pictures: [KEY, AFTER], parameters: 1, lost: 0 });
});

test('what is lost is waited for, then left out up to the next key frame, which is asked for', () => {
  const groups = Array.from({ length: 20 }, (_, index) => group(index * 4, index * 12_000, index + 1)).flat();
  const whole = read(groups);
  expect(whole.pictures).toHaveLength(40);
  const { pictures, lost, parameters } = read(groups.filter((_, index) => index !== 5));
  expect({ lost, parameters }).toEqual({ lost: 1, parameters: 1 });
  expect(pictures.map(({ time }) => time)).toEqual(
    whole.pictures.map(({ time }) => time).filter((_, index) => index !== 2 && index !== 3),
  );
});

test('nothing comes before the first key frame, and what is no packet is left out', () => {
  const { pictures } = read([
    Buffer.from('no packet'),
    packet(1, 0, Buffer.of(0x41, 9), true),
    ...group(2, 6000, 1),
  ]);
  expect(pictures.map(({ isKey }) => isKey)).toEqual([true, false]);
});
