import { describe, expect, test } from '@jest/globals';
import { readProbe } from './probe.ts';
import { reasonOf, redact } from './reason.ts';

const answer = (stream: object) => JSON.stringify({ streams: [stream] });
const H264 = {
  codec_name: 'h264',
  profile: 'Main',
  has_b_frames: 0,
  width: 768,
  height: 432,
  pix_fmt: 'yuv420p',
};

describe('what a source sends', () => {
  test('H.264 without B-frames is copied', () => {
    const found = { codec: 'h264', width: 768, height: 432, mode: 'copy' };
    expect(readProbe(answer(H264))).toEqual({ ...found, seconds: null });
    for (const [duration, seconds] of [
      ['29.68', 29.68],
      ['N/A', null],
    ] as const)
      expect(readProbe(JSON.stringify({ streams: [H264], format: { duration } }))).toEqual({
        ...found,
        seconds,
      });
  });

  test('B-frames, another codec and 10 bit are encoded anew', () => {
    for (const other of [{ has_b_frames: 1 }, { codec_name: 'hevc' }, { pix_fmt: 'yuv420p10le' }]) {
      expect(readProbe(answer({ ...H264, ...other })).mode).toBe('transcode');
    }
  });

  test('a source without video is refused', () => {
    expect(() => readProbe('{"programs":[],"streams":[]}')).toThrow('no video stream');
  });
});

test('reasons never hold the address, the password or the path of a source', () => {
  const said = 'rtsp://admin:s3cret@10.1.2.3/h264: Server returned 4XX, /srv/video/a.mp4';
  for (const text of [redact(said), reasonOf(said), reasonOf(`${said}: Connection refused`)]) {
    expect(text).not.toMatch(/s3cret|10\.1\.2\.3|srv/);
  }
  expect(reasonOf(`${said}: Connection refused`)).toBe('摄像机拒绝连接 (connection refused)');
});
