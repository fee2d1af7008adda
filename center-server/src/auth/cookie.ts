import type { CookieOptions, Response } from 'express';
import type { CentreConfig } from '../config.ts';
import { SESSION_COOKIE } from './sessions.ts';

function attributes(config: CentreConfig): CookieOptions {
  const secure = config.centre.publicUrl?.startsWith('https:') ?? false;
  return { httpOnly: true, sameSite: 'strict', path: '/', secure };
}

/** Gives the browser its session, until the session ends. @param expiresAt ms since the epoch */
export function setSessionCookie(
  response: Response,
  config: CentreConfig,
  token: string,
  expiresAt: number,
): void {
  response.cookie(SESSION_COOKIE, token, { ...attributes(config), expires: new Date(expiresAt) });
}

/** Takes the browser's session away. */
export function clearSessionCookie(response: Response, config: CentreConfig): void {
  response.clearCookie(SESSION_COOKIE, attributes(config));
}
