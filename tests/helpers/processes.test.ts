import { once } from 'node:events';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { startChild } from '../../scripts/runtime/process/child.ts';
import { startBrowser } from './browser.ts';
import { failOnLeaks } from './leaks.ts';
import { startRtsp } from './rtsp.ts';

failOnLeaks();

const LIMIT_MS = 60_000;

/** Whether a process runs; one that has ended but that nobody has buried (a zombie) does not. */
function alive(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && !/\) [ZX] /.test(readFileSync(file, 'utf8'));
}

/** Waits until a condition holds. @throws Error after 20 s */
async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`still not: ${String(condition)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** A process that leaves a grandchild in another process group, as puppeteer does with Chromium. */
const WITH_GRANDCHILD = `
  const { spawn } = require('node:child_process');
  const grandchild = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
  console.log(JSON.stringify({ event: 'listening', url: 'pid:' + process.pid + ',' + grandchild.pid }));
  setInterval(() => undefined, 1000);
`;

function pids(url: string): number[] {
  return url.replace('pid:', '').split(',').map(Number);
}

test(
  'what a process has started goes with it, when it stops and when it is killed',
  async () => {
    for (const end of ['stop', 'kill9'] as const) {
      const { cwd, env } = { cwd: '/', env: process.env };
      const child = startChild({
        name: 'x',
        command: process.execPath,
        args: ['-e', WITH_GRANDCHILD],
        cwd,
        env,
      });
      const started = pids(await child.listening);
      expect(started.map(alive)).toEqual([true, true]);
      await child[end]();
      expect(started.map(alive)).toEqual([false, false]);
    }
  },
  LIMIT_MS,
);

test(
  'when the owner is killed, its processes go too',
  async () => {
    const module = path.join(import.meta.dirname, '../../scripts/runtime/process/child.ts');
    const script = `
    import { startChild } from ${JSON.stringify(module)};
    const options = { name: 'x', command: process.execPath, cwd: '/', env: process.env };
    const child = startChild({ ...options, args: ['-e', ${JSON.stringify(WITH_GRANDCHILD)}] });
    console.log(await child.listening);
  `;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(owner.stdout, 'data')) as [Buffer];
    const started = pids(line.toString().trim());
    owner.kill('SIGKILL');
    await until(() => !started.some(alive));
  },
  LIMIT_MS,
);

test(
  'the RTSP server gives a picture that ffprobe can read',
  async () => {
    const camera = await startRtsp({ kind: 'pattern', width: 320, height: 240, fps: 10 });
    const args = [
      '-v',
      'error',
      '-rtsp_transport',
      'tcp',
      '-show_entries',
      'stream=codec_name,width,has_b_frames',
    ];
    const probe = spawnSync('ffprobe', [...args, '-of', 'csv=p=0', camera.url], { encoding: 'utf8' });
    await camera.stop();
    expect(probe.stdout.trim()).toBe('h264,320,0');
  },
  LIMIT_MS,
);

test(
  'the browser is real and has Chinese writing',
  async () => {
    const started = await startBrowser();
    try {
      const page = await started.browser.newPage();
      const widths = await page.evaluate(`(() => {
        const context = document.createElement('canvas').getContext('2d');
        context.font = '20px sans-serif';
        return ['明镜', '高悬'].map((text) => Math.round(context.measureText(text).width));
      })()`);
      expect(widths).toEqual([40, 40]); // a square for each: a font without them draws boxes of another width
    } finally {
      await started.close();
    }
  },
  LIMIT_MS,
);
