import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Page } from 'puppeteer';
import type { Blob } from '../outbox/index.ts';

const MASK = readFileSync(new URL('./mask.js', import.meta.url), 'utf8');
const MASK_NOW = 'globalThis.__mingjingMask?.()';

/** How long a page may take to load, ms. */
const LOAD_MS = 20_000;

/**
 * Opens a counter's page, masked from its first moment.
 * @throws Error when it does not load or answers with an error
 */
export async function openScreen(page: Page, url: string): Promise<void> {
  // A page must neither hang at a dialog nor open windows that nobody looks at.
  page.on('dialog', (dialog) => {
    dialog.dismiss().catch(() => undefined); // it has gone with its page
  });
  page.on('popup', (popup) => {
    popup?.close().catch(() => undefined); // it has closed itself
  });
  await page.setBypassCSP(true);
  await page.evaluateOnNewDocument(MASK);
  const response = await page.goto(url, { waitUntil: 'domcontentloaded', timeout: LOAD_MS });
  if (response && response.status() >= 400) throw new Error(`${url} answered ${response.status()}`);
}

/**
 * Takes a picture of what the page shows, after every frame of it has confirmed that it is masked.
 * @throws Error when one does not: then there is no picture
 */
export async function capture(page: Page): Promise<Blob> {
  for (const frame of page.frames()) {
    if (frame.detached) continue;
    if ((await frame.evaluate(MASK_NOW)) !== true)
      throw new Error(`${frame.url().slice(0, 200)} cannot be masked`);
  }
  const bytes = await page.screenshot({ type: 'jpeg', quality: 60, captureBeyondViewport: false });
  return { sha256: createHash('sha256').update(bytes).digest('hex'), mediaType: 'image/jpeg', bytes };
}
