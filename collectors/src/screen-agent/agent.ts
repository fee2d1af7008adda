import { createHash, randomUUID } from 'node:crypto';
import type { AgentOrders, ObservationEvent } from '@mingjing/contracts';
import type { Logger } from 'pino';
import { Backoff, isAborted, messageOf, pause, type OutboxItem } from '../outbox/index.ts';
import { Changes } from '../screen/watcher.ts';
import type { Orders } from './orders.ts';
import { differs, paintOver, type Box } from './paint.ts';
import { encodePng, type Pixels } from './png.ts';
import { Terminal, type Look } from './terminal.ts';

/** An unchanged screen is told again after so long, ms. */
const UNCHANGED_MS = 30_000;

/** What was told last of one way to look at the screen: masked, or unmasked. */
class Teller {
  readonly #changes = new Changes(UNCHANGED_MS);
  #last: Pixels | undefined;
  #number = 0;

  /** @returns what is to be told of a picture; undefined when nothing is. @param steady it, without what changes by itself */
  look(steady: Pixels, now: number): { changed: boolean; since: number } | undefined {
    if (!this.#last || differs(this.#last, steady)) {
      this.#number += 1;
      this.#last = steady;
    }
    return this.#changes.look(String(this.#number), now);
  }
}

export interface AgentOptions {
  /** The debugging port of the clerk's browser. */
  cdp: string;
  orders: Orders;
  /** Takes observations over; resolves when they are safe. */
  deliver: (items: OutboxItem[]) => Promise<unknown>;
  log: Pick<Logger, 'info' | 'warn'>;
  /** ms; the first and the longest wait after a failure. */
  retry?: { firstMs: number; mostMs: number };
}

/** Looks at the clerk's screen until it is stopped, and sends it masked. Never throws: what fails is tried again. */
export class ScreenAgent {
  readonly #options: AgentOptions;
  #masked = new Teller();
  #unmasked = new Teller();

  constructor(options: AgentOptions) {
    this.#options = options;
  }

  /** Resolves after the signal. */
  async run(signal: AbortSignal): Promise<void> {
    const { log, cdp, retry = { firstMs: 1000, mostMs: 30_000 } } = this.#options;
    const backoff = new Backoff(retry);
    while (!isAborted(signal)) {
      let terminal: Terminal | undefined;
      try {
        terminal = await Terminal.attach(cdp);
        log.info({ cdp }, 'the clerk’s browser is seen');
        await this.#watch(terminal, signal, () => backoff.reset());
      } catch (error) {
        if (!isAborted(signal)) log.warn(`the screen cannot be seen: ${messageOf(error)}`);
      }
      if (terminal?.connected === true) await terminal.detach();
      if (!isAborted(signal)) await pause(backoff.next(), signal);
    }
  }

  async #watch(terminal: Terminal, signal: AbortSignal, seen: () => void): Promise<void> {
    while (!isAborted(signal)) {
      const began = performance.now();
      const orders = this.#options.orders.current;
      if (orders && !orders.disabled && orders.via === 'agent') {
        await this.#look(terminal, orders);
        seen();
      }
      await pause(Math.max(50, (orders?.everyMs ?? 1000) - (performance.now() - began)), signal);
    }
  }

  async #look(terminal: Terminal, orders: AgentOrders): Promise<void> {
    const allowed = this.#options.orders.unmasked;
    const meant = new URL(orders.url).host;
    const look = await terminal.look((url) => URL.canParse(url) && new URL(url).host === meant);
    if (!look) return;
    const now = Date.now();
    const zones = (what: 'cover' | 'ignore'): Box[] => boxesOf(orders, what, look);
    const everything: Box = [0, 0, look.picture.width, look.picture.height];
    const cover = look.cover === null ? [everything] : [...look.cover, ...zones('cover')];
    const ignore = [...look.ignore, ...zones('ignore')];
    const masked = paintOver(look.picture, cover, look.scale);
    const items = this.#itemsOf(this.#masked, {
      orders,
      picture: masked,
      ignore,
      scale: look.scale,
      now,
      masked: true,
    });
    // Only the counter's own work is ever shown unmasked.
    if (allowed && this.#options.orders.unmasked && look.cover !== null)
      items.push(
        ...this.#itemsOf(this.#unmasked, {
          orders,
          picture: look.picture,
          ignore,
          scale: look.scale,
          now,
          masked: false,
        }),
      );
    else this.#unmasked = new Teller();
    if (items.length > 0) await this.#options.deliver(items);
  }

  #itemsOf(teller: Teller, look: Told): OutboxItem[] {
    const { orders, picture, ignore, scale, now, masked } = look;
    const news = teller.look(paintOver(picture, ignore, scale), now);
    if (!news) return [];
    const common = { region: orders.region, screen: orders.id, changed: news.changed, masked };
    const event = (more: object): ObservationEvent<'screen.captured'> => ({
      ...{ specversion: '1.0', id: randomUUID(), source: orders.source, type: 'screen.captured' },
      ...{ time: new Date(now).toISOString(), data: { ...common, ...more } },
    });
    if (!news.changed) return [{ event: event({ unchangedSince: new Date(news.since).toISOString() }) }];
    const bytes = encodePng(picture);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const mediaType = 'image/png' as const;
    const { width, height } = picture;
    const image = { sha256, mediaType, width, height, bytes: bytes.byteLength };
    return [{ event: event({ image }), blob: { sha256, mediaType, bytes } }];
  }
}

interface Told {
  orders: AgentOrders;
  picture: Pixels;
  ignore: Box[];
  scale: number;
  now: number;
  masked: boolean;
}

/** The administrator's zones in the window's own pixels. */
function boxesOf({ zones }: AgentOrders, what: 'cover' | 'ignore', { picture, scale }: Look): Box[] {
  const [across, down] = [picture.width / scale, picture.height / scale];
  return (zones ?? [])
    .filter((zone) => zone.what === what)
    .map(({ x, y, width, height }) => [x * across, y * down, width * across, height * down]);
}
