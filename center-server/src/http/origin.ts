import type { RequestHandler } from 'express';
import type { CentreConfig } from '../config.ts';
import { ProblemError } from './problems.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether a page of this origin may change things: the public address, or this machine talking to itself. */
export function isOwnOrigin(
  origin: string,
  host: string | undefined,
  publicUrl: string | undefined,
): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  if (publicUrl !== undefined && url.origin === new URL(publicUrl).origin) return true;
  // A name that an attacker's DNS points here is no loopback name: rebinding gets nothing.
  return LOOPBACK.has(url.hostname) && url.host === host;
}

/**
 * Refuses to change anything for a page of another origin (CSRF). Besides SameSite=Strict cookies, not
 * instead of them. A caller without Origin is no browser's page unless Sec-Fetch-Site says so.
 */
export function checkOrigin(config: CentreConfig): RequestHandler {
  return (request, _response, next) => {
    if (SAFE.has(request.method)) {
      next();
      return;
    }
    const { origin, host } = request.headers;
    const site = request.get('sec-fetch-site');
    const own =
      origin === undefined
        ? site === undefined || site === 'same-origin' || site === 'none'
        : isOwnOrigin(origin, host, config.centre.publicUrl);
    if (own) {
      next();
      return;
    }
    const expected = config.centre.publicUrl ?? 'the address of centre.publicUrl (which is not set)';
    next(
      new ProblemError(
        'forbidden',
        `a page of ${origin ?? 'another site'} may not do this; expected ${expected}`,
      ),
    );
  };
}
