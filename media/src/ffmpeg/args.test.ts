import { describe, expect, test } from '@jest/globals';
import { ffmpegPlan, previewPlan } from './args.ts';
import type { PlanRequest } from './args.ts';

const LIVE = {
  rtp: { host: '127.0.0.1', rtpPort: 5000, rtcpPort: 5001, ssrc: 42, payloadType: 100 },
  film: '/tmp/f/1',
};
const RTSP = { kind: 'rtsp', url: 'rtsp://camera/1' } as const;
const FILE = { kind: 'file', path: '/video/a b.mp4' } as const;
const GENERATED = { kind: 'generated', label: '3号窗口', pattern: 2 } as const;

/** The plan as three lines, as one would read it on a command line. */
function lines(request: Pick<PlanRequest, 'source' | 'mode'> & Partial<PlanRequest>): (string | null)[] {
  const { input, live, stills } = ffmpegPlan({ font: 'Noto Sans CJK SC', startedAt: 0, ...request });
  return [input, live, stills].map((part) => part && `${part.options.join(' ')} → ${part.target}`);
}

const TO_SFU_AND_FILM =
  '-flags +global_header -f tee → [f=rtp:payload_type=100:ssrc=42:bsfs/v=dump_extra=freq=keyframe]' +
  'rtp://127.0.0.1:5000?rtcpport=5001&pkt_size=1200&connect=1|' +
  '[f=mp4:movflags=+frag_keyframe+empty_moov+default_base_moof:frag_duration=250000:flush_packets=1]unix:/tmp/f/1';
const FILM = '-format_whitelist mov,matroska,mpegts,mpeg,avi,flv,h264,hevc';
const COPIED = `-map 0:v:0 -an -c:v copy ${TO_SFU_AND_FILM}`;
const ENCODED =
  "-map 0:v:0 -an -vf scale=w='min(1280,iw)':h=-2 -c:v libx264 -preset ultrafast -tune zerolatency -profile:v baseline " +
  '-pix_fmt yuv420p -threads 1 -force_key_frames expr:gte(t,n_forced*2) -b:v 1500k -maxrate 1500k -bufsize 750k ' +
  TO_SFU_AND_FILM;
const STILLS =
  "-map 0:v:0 -an -vf select='isnan(prev_selected_t)+gte(t-prev_selected_t,1.9)',scale=w='min(640,iw)':h=-2 " +
  '-fps_mode passthrough -c:v mjpeg -pix_fmt yuvj420p -threads 1 -q:v 6 -flush_packets 1 -f image2pipe → pipe:1';
const LISTED = '-flags low_delay -protocol_whitelist pipe,rtsp,rtp,tcp,udp,tls -f concat -safe 0';

describe('the arguments of ffmpeg', () => {
  test('an RTSP camera that is copied decodes key frames only, for its stills', () => {
    expect(lines({ source: RTSP, mode: 'copy', live: LIVE })).toEqual([
      `${LISTED} -skip_frame nokey → pipe:0`,
      COPIED,
      STILLS,
    ]);
  });

  test('an RTSP camera that is encoded anew decodes everything', () => {
    expect(lines({ source: RTSP, mode: 'transcode', live: LIVE })).toEqual([
      `${LISTED} → pipe:0`,
      ENCODED,
      STILLS,
    ]);
  });

  test('an RTSP address is on standard input, whatever its password holds, and not on the command line', () => {
    const url = "rtsp://admin:s3c'ret\\@camera/1";
    const plan = ffmpegPlan({
      source: { kind: 'rtsp', url },
      mode: 'copy',
      live: LIVE,
      font: '',
      startedAt: 0,
    });
    const { stdin, ...input } = plan.input;
    expect(stdin?.split('\n')).toEqual([
      'ffconcat version 1.0',
      String.raw`file 'rtsp://admin:s3c'\''ret\@camera/1'`,
      ...['option rtsp_transport tcp+udp', 'option rtsp_flags prefer_tcp'],
      ...['option timeout 5000000', 'option analyzeduration 1000000'],
      ...['option fpsprobesize 0', ''],
    ]);
    expect(JSON.stringify([input, plan.live, plan.stills])).not.toContain('admin');
  });

  test('a file is played at its own speed for ever', () => {
    expect(lines({ source: FILE, mode: 'copy', live: LIVE })).toEqual([
      `-re -stream_loop -1 ${FILM} -skip_frame nokey → file:/video/a b.mp4`,
      COPIED,
      STILLS,
    ]);
    expect(lines({ source: FILE, mode: 'transcode', live: LIVE })).toEqual([
      `-re -stream_loop -1 ${FILM} → file:/video/a b.mp4`,
      ENCODED,
      STILLS,
    ]);
  });

  test('a film that is copied is a list of one, whatever its name, that leads to films only', () => {
    const source = { kind: 'file', path: "/video/it's.mp4" } as const;
    const request = { source, mode: 'copy', live: LIVE, seconds: 29.68 } as const;
    expect(lines(request)).toEqual([
      '-re -stream_loop -1 -protocol_whitelist pipe,file -format_whitelist concat,mov,matroska,mpegts,mpeg,avi,flv,h264,hevc ' +
        '-f concat -safe 0 -skip_frame nokey → pipe:0',
      COPIED,
      STILLS,
    ]);
    expect(ffmpegPlan({ ...request, font: '', startedAt: 0 }).input.stdin?.split('\n')).toEqual([
      'ffconcat version 1.0',
      String.raw`file 'file:/video/it'\''s.mp4'`,
      'option format_whitelist mov,matroska,mpegts,mpeg,avi,flv,h264,hevc',
      ...['duration 29.68', ''],
    ]);
  });

  test('what is pushed is cut at start codes before it goes anywhere', () => {
    expect(lines({ source: { kind: 'pushed', address: '/tmp/p/1' }, mode: 'copy', live: LIVE })).toEqual([
      '-flags low_delay -protocol_whitelist unix -fflags nobuffer -analyzeduration 1000000 -fpsprobesize 0 -f flv ' +
        '-skip_frame nokey → unix:/tmp/p/1',
      COPIED.replace('-c:v copy', '-c:v copy -bsf:v h264_mp4toannexb'),
      STILLS,
    ]);
  });

  test('a generated camera is one lavfi graph, a key frame every 2 s', () => {
    const [input, live] = lines({ source: GENERATED, mode: 'copy', live: LIVE });
    expect(input).toMatch(/^-re -f lavfi → color=/);
    expect(input).toContain('text=3号窗口');
    expect(live).toBe(
      '-map 0:v:0 -an -c:v libx264 -preset ultrafast -tune zerolatency -profile:v baseline -pix_fmt yuv420p -threads 1 ' +
        `-g 24 -keyint_min 24 -b:v 400k -maxrate 400k -bufsize 200k ${TO_SFU_AND_FILM}`,
    );
  });

  test('a preview is the first key frame of a segment, small', () => {
    const { input, live, stills } = previewPlan('/recordings/a b/1.mp4');
    expect([...input.options, input.target].join(' ')).toBe(
      `${FILM} -fpsprobesize 0 -skip_frame nokey file:/recordings/a b/1.mp4`,
    );
    expect(live).toBeNull();
    expect([...stills.options, stills.target].join(' ')).toBe(
      "-map 0:v:0 -an -vf scale=w='min(320,iw)':h=-2 -frames:v 1 " +
        '-c:v mjpeg -pix_fmt yuvj420p -threads 1 -q:v 5 -f image2pipe pipe:1',
    );
  });

  test('a single still is taken without waiting for the clock', () => {
    const [input, live, stills] = lines({ source: FILE, mode: 'transcode', once: true });
    expect(input).toBe(`${FILM} -skip_frame nokey → file:/video/a b.mp4`);
    expect(live).toBeNull();
    expect(stills).toContain('-frames:v 1');
  });
});
