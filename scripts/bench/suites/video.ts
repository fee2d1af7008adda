import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { PROJECT_DIR } from '../../runtime/paths.ts';
import { startChild } from '../../runtime/process/child.ts';
import type { Figure, Suite } from '../suite.ts';

const PACKAGES =
  'janus iproute2 ffmpeg chromium python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-good';
const ADDRESS = '10.99.0.1';

/** Janus offers no loopback address: everything runs in a network of its own, which needs root. */
const NETWORK = [
  'ip link set lo up',
  'ip link add dm0 type ifb',
  `ip addr add ${ADDRESS}/24 dev dm0`,
  'ip link set dm0 up',
  'exec "$@"',
].join(' && ');

function has(command: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function checkTools(): void {
  const missing = ['janus', 'ip', 'ffmpeg', 'chromium', 'python3', 'unshare'].filter((tool) => !has(tool));
  if (missing.length > 0)
    throw new Error(
      `${missing.join(', ')} not found; expected: apt-get install --no-install-recommends ${PACKAGES}`,
    );
  if (process.getuid?.() !== 0)
    throw new Error('a network of its own is needed, which only root may make: run the suite as root');
}

async function run(log: (line: string) => void): Promise<Figure[]> {
  checkTools();
  let last = '';
  const child = startChild({
    name: 'the video bench',
    command: 'unshare',
    args: [
      ...['-n', 'sh', '-c', NETWORK, 'sh', process.execPath],
      path.join(PROJECT_DIR, 'tests/bench/video/run.ts'),
    ],
    cwd: PROJECT_DIR,
    env: { ...process.env, MEDIA_ADDRESS: ADDRESS },
    onLine: (line) => {
      if (line.startsWith('[')) last = line;
      else log(line);
    },
  });
  child.listening.catch(() => undefined);
  const { code } = await child.ended;
  if (code !== 0 || last === '') throw new Error(`the video bench ended with ${code}:\n${child.log()}`);
  return JSON.parse(last) as Figure[];
}

/** Video: delay, first picture, CPU and memory, and what forwarding costs beside the Janus gateway. */
export const videoSuite: Suite = { name: 'video', about: 'live video beside the Janus gateway', run };
