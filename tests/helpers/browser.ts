import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import puppeteer, { type Browser } from 'puppeteer';
import { CHROMIUM, findProgram } from '../../scripts/runtime/programs.ts';

export interface TestBrowser {
  browser: Browser;
  close(): Promise<void>;
}

/** Sound, video and WebRTC work; nothing is fetched that a page does not ask for. */
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
  '--lang=zh-CN',
];

/**
 * Starts the real Chromium with an empty profile.
 * @param size of the window, 1920×1080 by default
 * @param more flags of Chromium's
 */
export async function startBrowser(
  size = { width: 1920, height: 1080 },
  more: readonly string[] = [],
): Promise<TestBrowser> {
  const executablePath = findProgram(CHROMIUM);
  if (executablePath === undefined) throw new Error('Chromium is not installed; npm test installs it');
  const profile = mkdtempSync(path.join(tmpdir(), 'mingjing-browser-'));
  const browser = await puppeteer.launch({
    executablePath,
    headless: true,
    pipe: true, // Chromium ends when the pipe closes, also when the test process is killed
    userDataDir: profile,
    defaultViewport: size,
    args: [...FLAGS, ...more, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
  return {
    browser,
    async close() {
      await browser.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
