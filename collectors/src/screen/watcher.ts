import { randomUUID } from 'node:crypto';
import type { HostRule, ObservationEvent, Screen } from '@mingjing/contracts';
import type { Logger } from 'pino';
import type { Page } from 'puppeteer';
import { Backoff, isAborted, messageOf, pause, type Blob, type OutboxItem } from '../outbox/index.ts';
import { VIEWPORT, type SharedBrowser } from './browser.ts';
import { ScreenPage } from './capture.ts';

type Captured = ObservationEvent<'screen.captured'>;

export interface WatcherOptions {
  source: string;
  browser: Pick<SharedBrowser, 'newPage'>;
  /** Takes observations over; resolves when they are safe. */
  deliver: (items: OutboxItem[]) => Promise<unknown>;
  log: Pick<Logger, 'info' | 'warn'>;
  /** ms between two looks. */
  everyMs: number;
  /** An unchanged screen is told again after this long, ms. */
  unchangedEveryMs: number;
  /** A page whose picture has not changed for this long is loaded anew, ms: it may never look for news itself. */
  reloadEveryMs: number;
  /** Where screens may be. */
  rule: HostRule;
  /** Set: its pictures are not masked, and it looks only while this holds. */
  permission?: { readonly holds: boolean };
  /** ms; the first and the longest wait after a failure. */
  retry?: { firstMs: number; mostMs: number };
}

/** What is to be told of pictures as they come: a changed one at once, an unchanged one from time to time. */
export class Changes {
  readonly #unchangedEveryMs: number;
  #shown: { sha256: string; since: number; toldAt: number } | undefined;

  constructor(unchangedEveryMs: number) {
    this.#unchangedEveryMs = unchangedEveryMs;
  }

  /** @param now ms since the epoch */
  look(sha256: string, now: number): { changed: boolean; since: number } | undefined {
    if (this.#shown?.sha256 !== sha256) {
      this.#shown = { sha256, since: now, toldAt: now };
      return { changed: true, since: now };
    }
    if (now - this.#shown.toldAt < this.#unchangedEveryMs) return undefined;
    this.#shown.toldAt = now;
    return { changed: false, since: this.#shown.since };
  }
}

/** Looks at one counter's screen until it is stopped. A page that fails is opened anew; others do not notice. */
export class ScreenWatcher {
  readonly #screen: Screen;
  readonly #options: WatcherOptions;
  readonly #changes: Changes;
  readonly #abort = new AbortController();
  readonly #done: Promise<void>;
  #ended = false;

  constructor(screen: Screen, options: WatcherOptions) {
    this.#screen = screen;
    this.#options = options;
    this.#changes = new Changes(options.unchangedEveryMs);
    this.#done = this.#run().finally(() => (this.#ended = true));
  }

  /** It looks no more: it was stopped, or its permission ended. */
  get ended(): boolean {
    return this.#ended;
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#done;
  }

  get #allowed(): boolean {
    return !isAborted(this.#abort.signal) && this.#options.permission?.holds !== false;
  }

  async #run(): Promise<void> {
    const { log, retry = { firstMs: 1000, mostMs: 60_000 } } = this.#options;
    const { signal } = this.#abort;
    const backoff = new Backoff(retry);
    while (this.#allowed) {
      try {
        await this.#watch(signal, () => backoff.reset());
      } catch (error) {
        if (isAborted(signal)) return;
        const waitMs = backoff.next();
        log.warn(
          { screen: this.#screen.id, waitMs: Math.round(waitMs) },
          `a screen cannot be seen: ${messageOf(error)}`,
        );
        await pause(waitMs, signal);
      }
    }
  }

  async #watch(signal: AbortSignal, seen: () => void): Promise<void> {
    const page = await this.#options.browser.newPage();
    const { promise: gone, reject } = Promise.withResolvers<never>();
    const crashed = (): void => reject(new Error('its page crashed or was closed'));
    page.on('error', crashed);
    page.on('close', crashed);
    try {
      // A call to a page that died may wait for its time-out: the news of its death comes first.
      await Promise.race([this.#observe(page, signal, seen), gone]);
    } finally {
      page.off('close', crashed);
      await closePage(page);
    }
  }

  async #observe(page: Page, signal: AbortSignal, seen: () => void): Promise<void> {
    const { everyMs, reloadEveryMs, rule, log } = this.#options;
    const screen = new ScreenPage(page, this.#screen.url, rule, !this.#options.permission);
    await screen.open();
    log.info({ screen: this.#screen.id }, 'a screen is seen');
    let still = performance.now();
    while (this.#allowed) {
      const began = performance.now();
      if (began - still >= reloadEveryMs) {
        await screen.load();
        still = began;
      }
      if (await this.#look(screen)) still = began;
      seen();
      const left = everyMs - (performance.now() - began);
      if (left > 0) await pause(left, signal);
    }
  }

  /** @returns whether the picture is another one than before */
  async #look(screen: ScreenPage): Promise<boolean> {
    const picture = await screen.capture();
    // What may be seen no more when the picture is there was not to be taken.
    if (!this.#allowed) return false;
    const now = Date.now();
    const news = this.#changes.look(picture.sha256, now);
    if (news) await this.#options.deliver([this.#item(picture, news, now)]);
    return news?.changed ?? false;
  }

  #item(picture: Blob, { changed, since }: { changed: boolean; since: number }, now: number): OutboxItem {
    const { sha256, bytes } = picture;
    const image = { sha256, mediaType: 'image/jpeg' as const, ...VIEWPORT, bytes: bytes.byteLength };
    const event: Captured = {
      ...{ specversion: '1.0', id: randomUUID(), source: this.#options.source, type: 'screen.captured' },
      time: new Date(now).toISOString(),
      data: {
        ...{
          region: this.#screen.region,
          screen: this.#screen.id,
          changed,
          masked: !this.#options.permission,
        },
        ...(changed ? { image } : { unchangedSince: new Date(since).toISOString() }),
      },
    };
    return changed ? { event, blob: picture } : { event };
  }
}

async function closePage(page: Page): Promise<void> {
  try {
    await page.close();
  } catch (error) {
    // It died with its browser; anything else is the browser's own trouble, and shows at the next page.
    if (!page.isClosed() && page.browser().connected) throw error;
  }
}
