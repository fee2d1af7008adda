import { createHash, createHmac, randomBytes } from 'node:crypto';

/** A token of 256 random bits, base64url. */
export function newToken(prefix = ''): string {
  return prefix + randomBytes(32).toString('base64url');
}

/** What is kept of a source's bearer token. */
export function sourceTokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/**
 * What is kept of a session's token: keyed with the centre's secret, so that whoever can write to the
 * database still cannot make a session.
 */
export function sessionTokenHash(secret: string, token: string): Buffer {
  return createHmac('sha256', secret).update(token).digest();
}

/** A bearer token from an Authorization header; undefined when there is none. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +([A-Za-z0-9._~+/=-]{1,200})$/i.exec(authorization ?? '')?.[1];
}

/** A cookie's value from a Cookie header (RFC 6265); undefined when it is not there. */
export function cookieValue(header: string | undefined, name: string): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}
