import type { Browser, Page } from 'puppeteer';
import { buildWebWall } from '../../scripts/start/web-wall.ts';
import { PASSWORD } from './installation.ts';
import { until } from './until.ts';

const WITHIN_MS = 45_000;

/** A page of the web wall in a real browser, and everything about it that went wrong. */
export interface WallPage {
  page: Page;
  /** What the console and uncaught errors said, content security policy among them. Cleared by troubles(). */
  troubles(): string[];
  /** Every host that was asked for anything. */
  hosts(): Set<string>;
  /** The texts of all elements that match. */
  texts(selector: string): Promise<string[]>;
  /** Waits until the texts of all elements that match are as wanted; fails with the texts as they are. */
  textsUntil(selector: string, wanted: (texts: string[]) => boolean): Promise<string[]>;
  close(): Promise<void>;
}

/** The pages as they stand in the sources, built when they changed. */
export async function builtPages(): Promise<void> {
  await buildWebWall();
}

/** Asking who is signed in is answered 401 when nobody is, and Chromium calls that an error. */
function isFirstQuestion(text: string, url: string | undefined): boolean {
  return text.includes('401') && (url?.endsWith('/api/session') ?? false);
}

function listen(page: Page): Pick<WallPage, 'troubles' | 'hosts'> {
  const heard: string[] = [];
  const hosts = new Set<string>();
  page.on('console', (message) => {
    const { url } = message.location();
    if (message.type() !== 'error' || isFirstQuestion(message.text(), url)) return;
    heard.push(`${message.text()} (${url ?? ''})`);
  });
  page.on('pageerror', (error) => heard.push(String(error)));
  page.on('dialog', (dialog) => {
    heard.push(`a dialog opened: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.protocol !== 'blob:') hosts.add(url.host);
  });
  return { troubles: () => heard.splice(0), hosts: () => hosts };
}

/** Opens an address of the centre in a window of its own and signs in through the sign-in page. */
export async function openWallPage(browser: Browser, address: string, username: string): Promise<WallPage> {
  // A window of its own: Chromium draws no frames in a tab behind another.
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(WITHIN_MS);
  const heard = listen(page);
  await page.goto(address);
  await (await page.waitForSelector('input[name="username"]'))?.type(username);
  await page.type('input[name="password"]', PASSWORD);
  await page.click('button[type="submit"]');
  await page.waitForFunction(`!location.pathname.startsWith('/sign-in')`);
  const texts = async (selector: string) =>
    (await page.evaluate(
      `Array.from(document.querySelectorAll(${JSON.stringify(selector)}), (found) => found.textContent.trim())`,
    )) as string[];
  return {
    page,
    ...heard,
    texts,
    textsUntil: (selector, wanted) => until(() => texts(selector), wanted, WITHIN_MS),
    close: () => context.close(),
  };
}
