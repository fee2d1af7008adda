import { readFileSync } from 'node:fs';
import puppeteer, { type Browser, type CDPSession, type Page } from 'puppeteer';
import { z } from 'zod';
import { withPersonal } from '../screen/personal.ts';
import type { Box } from './paint.ts';
import { decodePng, type Pixels } from './png.ts';

const RECTANGLES = withPersonal(readFileSync(new URL('./rectangles.js', import.meta.url), 'utf8'));
/** A call to the clerk's browser that takes longer has failed, ms. */
const PROTOCOL_MS = 10_000;
/** How often a picture is tried again at once when the page moved meanwhile. */
const TRIES = 3;

const boxSchema = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const layoutSchema = z.object({
  ...{ url: z.string(), width: z.number().positive(), height: z.number().positive(), layout: z.string() },
  ...{ whole: z.boolean(), cover: z.array(boxSchema), ignore: z.array(boxSchema) },
  ...{ visible: z.boolean(), focused: z.boolean() },
});
type Layout = z.output<typeof layoutSchema>;

/** What the terminal shows, and where it must be covered. Boxes in the window's own pixels; scale: the picture's for one. */
export interface Look {
  picture: Pixels;
  scale: number;
  /** Null: everything. */
  cover: Box[] | null;
  ignore: Box[];
}

interface Watched {
  page: Page;
  session: CDPSession;
}

interface Node {
  backendNodeId: number;
  shadowRootType?: string;
  children?: Node[];
  shadowRoots?: Node[];
  contentDocument?: Node;
}

/** Elements whose inside is shut off from every script: only the browser itself knows that there is one. */
function shut(node: Node, found: number[] = []): number[] {
  if (node.shadowRoots?.some(({ shadowRootType }) => shadowRootType === 'closed'))
    found.push(node.backendNodeId);
  for (const child of [...(node.children ?? []), ...(node.shadowRoots ?? [])]) shut(child, found);
  if (node.contentDocument) shut(node.contentDocument, found);
  return found;
}

/**
 * The clerk's own browser, looked at through its debugging port. Nothing in it is changed: no page is opened, brought
 * forward or resized, and what runs in a page runs in a world of its own.
 */
export class Terminal {
  readonly #browser: Browser;
  readonly #watched = new Map<Page, Watched>();

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  /** @param url of the debugging port, http://127.0.0.1:9222. @throws Error when nobody answers there */
  static async attach(url: string): Promise<Terminal> {
    const options = { defaultViewport: null, protocolTimeout: PROTOCOL_MS } as const;
    return new Terminal(await puppeteer.connect({ browserURL: url, ...options }));
  }

  get connected(): boolean {
    return this.#browser.connected;
  }

  /** Lets go of the browser, which runs on. */
  async detach(): Promise<void> {
    await this.#browser.disconnect();
  }

  /**
   * What the clerk sees now; undefined when no page is to be seen, or when it moved at every try.
   * @param isMeant whether a page belongs to the counter's work: any other is covered as a whole
   */
  async look(isMeant: (url: string) => boolean): Promise<Look | undefined> {
    const seen = await this.#inFront();
    if (!seen) return undefined;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const before = await layoutOf(seen.session);
      const picture = await takePicture(seen.session);
      const after = await layoutOf(seen.session);
      // Text came, or something moved: nobody knows which of both the picture shows.
      if (!isStill(before, after)) continue;
      const strange = !isMeant(before.url) || !isMeant(after.url) || after.whole;
      const cover = strange ? null : [...before.cover, ...after.cover, ...(await shutBoxes(seen.session))];
      return { picture, scale: picture.width / after.width, cover, ignore: after.ignore };
    }
    return undefined;
  }

  /** The page with the focus, else one that is visible. */
  async #inFront(): Promise<Watched | undefined> {
    let visible: Watched | undefined;
    for (const page of await this.#browser.pages()) {
      const watched = await this.#watch(page);
      const { visible: isVisible, focused } = await stateOf(watched.session);
      if (isVisible && focused) return watched;
      if (isVisible) visible ??= watched;
    }
    return visible;
  }

  async #watch(page: Page): Promise<Watched> {
    const known = this.#watched.get(page);
    if (known) return known;
    const watched = { page, session: await page.createCDPSession() };
    this.#watched.set(page, watched);
    page.once('close', () => this.#watched.delete(page));
    return watched;
  }
}

const stateSchema = z.object({ visible: z.boolean(), focused: z.boolean() });

async function stateOf(session: CDPSession): Promise<z.output<typeof stateSchema>> {
  const asked = `({ visible: document.visibilityState === 'visible', focused: document.hasFocus() })`;
  return stateSchema.parse(await inOwnWorld(session, asked));
}

/** Runs a script where the page cannot see it. @throws Error of the script */
async function inOwnWorld(session: CDPSession, expression: string): Promise<unknown> {
  const { frameTree } = await session.send('Page.getFrameTree');
  const { executionContextId } = await session.send('Page.createIsolatedWorld', {
    frameId: frameTree.frame.id,
    worldName: 'mingjing',
  });
  const answer = await session.send('Runtime.evaluate', {
    ...{ expression, contextId: executionContextId, returnByValue: true },
  });
  if (answer.exceptionDetails)
    throw new Error(answer.exceptionDetails.exception?.description ?? answer.exceptionDetails.text);
  return answer.result.value;
}

const layoutOf = async (session: CDPSession): Promise<Layout> =>
  layoutSchema.parse(await inOwnWorld(session, RECTANGLES));

async function takePicture(session: CDPSession): Promise<Pixels> {
  const options = { format: 'png', captureBeyondViewport: false, optimizeForSpeed: true } as const;
  const { data } = await session.send('Page.captureScreenshot', options);
  return decodePng(Buffer.from(data, 'base64'));
}

function isStill(before: Layout, after: Layout): boolean {
  return before.layout === after.layout && JSON.stringify(before.cover) === JSON.stringify(after.cover);
}

async function shutBoxes(session: CDPSession): Promise<Box[]> {
  const { root } = await session.send('DOM.getDocument', { depth: -1, pierce: true });
  const boxes: Box[] = [];
  for (const backendNodeId of shut(root)) {
    const { quads } = await session.send('DOM.getContentQuads', { backendNodeId });
    for (const [x1 = 0, y1 = 0, x2 = 0, y2 = 0, x3 = 0, y3 = 0, x4 = 0, y4 = 0] of quads) {
      const [left, top] = [Math.min(x1, x2, x3, x4), Math.min(y1, y2, y3, y4)];
      boxes.push([left, top, Math.max(x1, x2, x3, x4) - left, Math.max(y1, y2, y3, y4) - top]);
    }
  }
  return boxes;
}
