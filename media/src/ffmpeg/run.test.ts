import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { ffmpegPlan, type FfmpegPlan, type PlanRequest } from './args.ts';
import { probe } from './probe.ts';
import { reasonOf } from './reason.ts';
import { runFfmpeg } from './run.ts';
import type { FfmpegRun } from './run.ts';

const runs: FfmpegRun[] = [];
afterAll(() => runs.forEach((run) => run.close()));

/** Runs a real ffmpeg to its end. */
function stillsOf(plan: FfmpegPlan, ffmpeg = 'ffmpeg') {
  const { promise, resolve } = Promise.withResolvers<{ pictures: Buffer[]; problem: string | null }>();
  const pictures: Buffer[] = [];
  const run = runFfmpeg(ffmpeg, plan, {
    onStill: (jpeg) => pictures.push(jpeg),
    onEnd: (problem) => resolve({ pictures, problem }),
  });
  runs.push(run);
  return promise;
}

/** One still of a source. */
function still(source: PlanRequest['source'], ffmpeg?: string) {
  const request = { source, mode: 'transcode', once: true, font: 'Noto Sans CJK SC', startedAt: 0 } as const;
  return stillsOf(ffmpegPlan(request), ffmpeg);
}

test.each(["'", '\\', '3号窗口: [a],b;c=%{n}', '-', '   ', '"$(id)"', '\u0000\n‮', '💥'.repeat(50)])(
  'burns in any label: %j',
  async (label) => {
    const { pictures, problem } = await still({ kind: 'generated', label, pattern: 7 });
    expect(problem).toBeNull();
    expect(pictures).toHaveLength(1);
  },
);

test('says why when there is nothing to show', async () => {
  expect((await still({ kind: 'file', path: '/nowhere.mp4' })).problem).toContain(
    'No such file or directory',
  );
  expect((await still({ kind: 'generated', label: 'x', pattern: 0 }, '/nowhere/ffmpeg')).problem).toContain(
    'ENOENT',
  );
});

test('shows films only: neither text nor what a list of files points at', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'mingjing-films-'));
  const secrets = path.join(folder, 'secrets.txt');
  await writeFile(secrets, 'root:x:0:0:the password of everything\n'.repeat(100));
  const list = path.join(folder, 'list.ffconcat');
  await writeFile(list, 'ffconcat version 1.0\nfile secrets.txt\n');
  for (const file of [secrets, list]) {
    const { pictures, problem } = await still({ kind: 'file', path: file });
    expect(pictures).toEqual([]);
    expect(reasonOf(problem ?? '')).toContain('invalid data');
    const source = { kind: 'file', path: file } as const;
    const film = ffmpegPlan({ source, mode: 'copy', seconds: 1, once: true, font: '', startedAt: 0 });
    expect(await stillsOf(film)).toMatchObject({
      pictures: [],
      problem: expect.stringContaining('not on whitelist'),
    });
    await expect(probe('ffprobe', { kind: 'file', path: file }, AbortSignal.timeout(20_000))).rejects.toThrow(
      'not on whitelist',
    );
  }
  await rm(folder, { recursive: true });
});

/** The kinds of the H.264 units in a packet (RFC 6184): one, several at once (24), or a part of one (28). */
function unitsIn(packet: Buffer): number[] {
  const kindOf = (at: number) => packet.readUInt8(at) & 31;
  const kind = kindOf(12);
  if (kind === 28) return [kindOf(13)];
  if (kind !== 24) return [kind];
  const units: number[] = [];
  for (let at = 13; at + 2 < packet.length; at += 2 + packet.readUInt16BE(at)) units.push(kindOf(at + 2));
  return units;
}

test('a film goes on from its beginning: packets and fragments keep coming, each key frame with its parameter sets', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'mingjing-films-'));
  const film = path.join(folder, 'film.mp4');
  // One second, with a key frame at its beginning only and B-frames left out, as a camera's film has them.
  const picture = [
    '-f',
    'lavfi',
    '-i',
    'testsrc2=s=320x180:r=10:d=1',
    '-c:v',
    'libx264',
    '-bf',
    '0',
    '-g',
    '99',
  ];
  execFileSync('ffmpeg', ['-v', 'error', ...picture, '-pix_fmt', 'yuv420p', film]);
  const packets = createSocket('udp4').bind(0, '127.0.0.1');
  let fragments = 0;
  const films = createServer((socket) => socket.on('data', (bytes) => (fragments += bytes.length)));
  films.listen(path.join(folder, 'film.sock'));
  await Promise.all([once(packets, 'listening'), once(films, 'listening')]);
  const { port } = packets.address();
  const rtp = { host: '127.0.0.1', rtpPort: port, rtcpPort: port, ssrc: 7, payloadType: 100 };
  const live = { rtp, film: path.join(folder, 'film.sock') };
  const ended = Promise.withResolvers<string | null>();
  // RTP (RFC 3550): the time of a picture, in 1/90000 s.
  const units: number[] = [];
  const far = new Promise<number>((resolve) => {
    let first: number | undefined;
    packets.on('message', (bytes) => {
      if (bytes.length < 12 || (bytes.readUInt8(1) & 0x7f) !== 100) return;
      first ??= bytes.readUInt32BE(4);
      units.push(...unitsIn(bytes));
      const passed = (bytes.readUInt32BE(4) - first) >>> 0;
      if (passed > 3 * 90_000) resolve(fragments);
    });
  });
  const plan = ffmpegPlan({
    source: { kind: 'file', path: film },
    mode: 'copy',
    seconds: 1,
    live,
    font: '',
    startedAt: 0,
  });
  const run = runFfmpeg('ffmpeg', plan, { onStill: () => undefined, onEnd: ended.resolve });
  runs.push(run);
  const atThree = await far;
  expect(atThree).toBeGreaterThan(0);
  expect(fragments).toBeGreaterThanOrEqual(atThree);
  // Parameter sets (7, 8), remarks (6), pictures (1), key frames (5): nothing that no decoder knows.
  expect(units.filter((kind) => ![1, 5, 6, 7, 8].includes(kind))).toEqual([]);
  const keys = units.flatMap((kind, at) => (kind === 5 && units[at - 1] !== 5 ? [units.slice(0, at)] : []));
  expect(keys.length).toBeGreaterThanOrEqual(3);
  for (const before of keys) expect(before.slice(-6)).toEqual(expect.arrayContaining([7, 8]));
  run.close();
  await ended.promise;
  packets.close();
  films.close();
  await rm(folder, { recursive: true });
}, 60_000);
