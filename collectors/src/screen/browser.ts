import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import puppeteer, { type Browser, type Page } from 'puppeteer';

/** The size at which counter pages are looked at, in pixels. */
export const VIEWPORT = { width: 1280, height: 720 };

/** A call to the browser that takes longer has failed: a page that hangs must not hold its watcher for ever. */
const PROTOCOL_MS = 15_000;

/** Nothing is fetched that a page does not ask for; frames of other sites stay in reach of the mask. */
const FLAGS = [
  ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--mute-audio', '--lang=zh-CN', '--hide-scrollbars'],
  ...['--disable-site-isolation-trials', '--disable-features=IsolateOrigins,site-per-process'],
];

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
];

/** The Chromium that was named, else the one in a usual place. @throws Error that says how to get one */
function findChromium(named: string | undefined): string {
  const found = named ?? USUAL_PLACES.find((path) => existsSync(path));
  if (found !== undefined && existsSync(found)) return found;
  throw new Error(
    named === undefined
      ? 'Chromium is not installed: apt-get install chromium, or name it as collectors.chromium'
      : `collectors.chromium: there is no ${named}`,
  );
}

/** One Chromium for all screens. It is started when first needed, and again after it died. */
export class SharedBrowser {
  readonly #chromium: string | undefined;
  readonly #log: Pick<Logger, 'info' | 'warn'>;
  #browser: Promise<Browser> | undefined;
  #profile: string | undefined;
  #closed = false;

  constructor(chromium: string | undefined, log: Pick<Logger, 'info' | 'warn'>) {
    this.#chromium = chromium;
    this.#log = log;
  }

  /** A new page. @throws Error when Chromium cannot be started */
  async newPage(): Promise<Page> {
    if (this.#closed) throw new Error('the browser was closed');
    this.#browser ??= this.#launch();
    const browser = this.#browser;
    try {
      return await newPageOf(await browser);
    } catch (error) {
      await this.#forget(browser);
      throw error;
    }
  }

  /** The process id of Chromium; undefined while none runs. */
  async pid(): Promise<number | undefined> {
    return (await this.#browser)?.process()?.pid;
  }

  /** Ends Chromium. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    const browser = this.#browser;
    if (browser) await this.#forget(browser);
  }

  async #launch(): Promise<Browser> {
    const executablePath = findChromium(this.#chromium);
    const profile = mkdtempSync(join(tmpdir(), 'mingjing-screens-'));
    this.#profile = profile;
    const root = process.getuid?.() === 0;
    const browser = await puppeteer.launch({
      ...{ executablePath, headless: true, userDataDir: profile, defaultViewport: VIEWPORT },
      // Over a pipe Chromium ends with this process, however it ends.
      ...{
        pipe: true,
        protocolTimeout: PROTOCOL_MS,
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
      },
      args: root ? [...FLAGS, '--no-sandbox'] : FLAGS,
    });
    this.#log.info({ pid: browser.process()?.pid }, 'Chromium is up');
    browser.once('disconnected', () => {
      if (!this.#closed) this.#log.warn('Chromium ended; it will be started again');
      this.#browser = undefined;
    });
    return browser;
  }

  async #forget(browser: Promise<Browser>): Promise<void> {
    if (this.#browser === browser) this.#browser = undefined;
    const profile = this.#profile;
    try {
      await (await browser).close();
    } catch (error) {
      this.#log.warn({ err: error }, 'Chromium did not start, or had ended already');
    }
    if (profile !== undefined) rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** puppeteer waits for the page of a browser that died meanwhile; this does not. */
async function newPageOf(browser: Browser): Promise<Page> {
  const { promise: gone, reject } = Promise.withResolvers<never>();
  const ended = (): void => reject(new Error('Chromium ended'));
  browser.once('disconnected', ended);
  try {
    // A window of its own, and focused: Chromium stops drawing a tab that has been behind another for five minutes.
    const page = await Promise.race([browser.newPage({ type: 'window' }), gone]);
    await Promise.race([page.emulateFocusedPage(true), gone]);
    return page;
  } finally {
    browser.off('disconnected', ended);
  }
}
