import { describe, expect, test } from '@jest/globals';
import { hostListSchema, whyNotOpen, type HostRule } from './addresses.ts';

const NAMES: Record<string, string[]> = {
  'inside.example': ['10.1.2.3'],
  'both.example': ['10.1.2.3', '203.0.113.9'],
  '0x7f000001': ['127.0.0.1'],
};
const resolve = (name: string): Promise<string[]> =>
  name in NAMES ? Promise.resolve(NAMES[name]!) : Promise.reject(new Error('ENOTFOUND'));
const rule = (hosts?: string[], production = false): HostRule => ({
  key: 'media.cameraHosts',
  hosts,
  production,
});
const mayOpen = async (url: string, hosts?: string[], production = false): Promise<boolean> =>
  (await whyNotOpen(url, rule(hosts, production), resolve)) === undefined;

describe('where nothing is configured', () => {
  test.each([
    ...[
      'rtsp://127.0.0.1:554/1',
      'rtsp://admin:p%40ss@192.168.1.64/h264',
      'http://172.31.0.1/',
      'http://[::1]:8083/x',
    ],
    ...[
      'rtsp://[fd12::1]/1',
      'rtsp://[::ffff:10.0.0.1]/1',
      'rtsp://inside.example/1',
      'rtsp://INSIDE.example./1',
    ],
    ...['rtsp://0x7f000001/1', 'rtsp://user:a@b@10.0.0.1/1'],
  ])('%s is private and may be opened', async (url) => {
    expect(await mayOpen(url)).toBe(true);
    // A production start allows nothing of itself.
    expect(await mayOpen(url, undefined, true)).toBe(false);
  });

  test.each([
    ...[
      'rtsp://8.8.8.8/1',
      'http://169.254.169.254/latest/meta-data',
      'rtsp://0.0.0.0/1',
      'http://172.32.0.1/',
    ],
    ...[
      'rtsp://[fe80::1]/1',
      'rtsp://[::ffff:8.8.8.8]/1',
      'rtsp://[2001:db8::10.0.0.1]/1',
      'rtsp:///only/a/path',
    ],
    // One of its addresses is outside; nobody knows it; it only looks like one that is.
    ...[
      'rtsp://both.example/1',
      'rtsp://nowhere.example/1',
      'rtsp://10.0.0.1@8.8.8.8/1',
      'http://10.0.0.1.nowhere/',
    ],
  ])('%s may not', async (url) => {
    expect(await mayOpen(url)).toBe(false);
  });
});

test('what is listed replaces it: addresses, networks, names and what lies below a name', async () => {
  const hosts = hostListSchema.parse('203.0.113.0/24, 2001:db8::/32, Camera.example, *.hall.example');
  const answers = await Promise.all(
    [
      ...[
        'rtsp://203.0.113.200/1',
        'rtsp://[2001:db8:ffff::9]/1',
        'rtsp://camera.example/1',
        'rtsp://a.b.hall.example/1',
      ],
      ...['rtsp://203.0.114.1/1', 'rtsp://10.0.0.1/1', 'rtsp://hall.example/1', 'rtsp://x.camera.example/1'],
    ].map((url) => mayOpen(url, hosts, true)),
  );
  expect(answers).toEqual([true, true, true, true, false, false, false, false]);
});

test('a refusal names the host, its address, the key and what it allows', async () => {
  expect(await whyNotOpen('rtsp://u:secret@both.example/1', rule(['10.0.0.0/8']), resolve)).toBe(
    'the host both.example is not allowed (203.0.113.9); expected a host that media.cameraHosts allows (10.0.0.0/8)',
  );
  expect(await whyNotOpen('rtsp://10.0.0.1/1', rule(undefined, true), resolve)).toBe(
    'the host 10.0.0.1 is not allowed; expected a host that media.cameraHosts allows (nothing yet, as nothing is configured)',
  );
});

test.each(['10.0.0.0/33', 'http://camera', 'a b', '::1/129', '*.*'])('%j is no host of a list', (entry) => {
  const parsed = hostListSchema.safeParse([entry]);
  expect(parsed.error?.issues[0]?.message).toContain(`${JSON.stringify(entry)}: expected hosts`);
});
