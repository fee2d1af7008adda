import { createHash } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { whyNotOpen, type HostRule } from '@mingjing/contracts';
import type { HTTPResponse, Page } from 'puppeteer';
import type { Blob } from '../outbox/index.ts';
import { withPersonal } from './personal.ts';

const MASK = withPersonal(readFileSync(new URL('./mask.js', import.meta.url), 'utf8'));
const MASK_NOW = 'globalThis.__mingjingMask?.()';

/** How long a page may take to load, ms. */
const LOAD_MS = 20_000;

const resolve = async (name: string): Promise<string[]> =>
  (await lookup(name, { all: true })).map(({ address }) => address);

/** A browser's page that shows a counter's screen, masked from its first moment unless it may be seen without. */
export class ScreenPage {
  readonly #page: Page;
  readonly #url: string;
  readonly #rule: HostRule;
  readonly #masked: boolean;
  /** What the page itself answered with last, wherever it has gone by then. */
  #status = 0;
  /** Hosts that were checked since the page was loaded. */
  readonly #checked = new Set<string>();

  /**
   * @param rule where the page, its frames and whatever they lead to may be
   * @param masked false: for somebody who may see it unmasked now. A page is one or the other for good.
   */
  constructor(page: Page, url: string, rule: HostRule, masked = true) {
    this.#page = page;
    this.#url = url;
    this.#rule = rule;
    this.#masked = masked;
  }

  /**
   * Makes the browser's page ready and loads the screen.
   * @throws Error when it may not be looked at, does not load or answers with an error
   */
  async open(): Promise<void> {
    const page = this.#page;
    // A page must neither hang at a dialog nor open windows that nobody looks at.
    page.on('dialog', (dialog) => {
      dialog.dismiss().catch(() => undefined); // it has gone with its page
    });
    page.on('popup', (popup) => {
      popup?.close().catch(() => undefined); // it has closed itself
    });
    page.on('response', (response) => this.#note(response));
    await page.setBypassCSP(true);
    if (this.#masked) await page.evaluateOnNewDocument(MASK);
    await this.load();
  }

  /** Loads the screen, or loads it anew. @throws Error as open() */
  async load(): Promise<void> {
    this.#checked.clear();
    await this.#check(this.#url);
    await this.#page.goto(this.#url, { waitUntil: 'domcontentloaded', timeout: LOAD_MS });
    this.#checkAnswer();
  }

  /**
   * Takes a picture of what the page shows, after every frame of it has confirmed that it is masked.
   * @throws Error when one does not, when one may not be looked at, or when the page has gone to one that failed:
   * then there is no picture
   */
  async capture(): Promise<Blob> {
    this.#checkAnswer();
    for (const frame of this.#page.frames()) {
      if (frame.detached) continue;
      // A frame may have gone elsewhere by itself. Those without a host (srcdoc, blob) are their parent's.
      if (/^https?:/.test(frame.url())) await this.#check(frame.url());
      if (this.#masked && (await frame.evaluate(MASK_NOW)) !== true)
        throw new Error(`${frame.url().slice(0, 200)} cannot be masked`);
    }
    const options = { type: 'jpeg', quality: 60, captureBeyondViewport: false } as const;
    const bytes = await this.#page.screenshot(options);
    // It may have gone while it was being taken.
    this.#checkAnswer();
    return { sha256: createHash('sha256').update(bytes).digest('hex'), mediaType: 'image/jpeg', bytes };
  }

  async #check(url: string): Promise<void> {
    const { host } = new URL(url);
    if (this.#checked.has(host)) return;
    const why = await whyNotOpen(url, this.#rule, resolve);
    if (why !== undefined) throw new Error(`url: ${why}`);
    this.#checked.add(host);
  }

  #note(response: HTTPResponse): void {
    const own = response.request().isNavigationRequest() && response.frame() === this.#page.mainFrame();
    if (own) this.#status = response.status();
  }

  #checkAnswer(): void {
    if (this.#status >= 400) throw new Error(`${this.#url} answered ${this.#status}`);
    // Chromium's own page in place of one that it could not load.
    if (this.#page.url().startsWith('chrome-error:')) throw new Error(`${this.#url} could not be loaded`);
  }
}
