import { createHash, timingSafeEqual } from 'node:crypto';
import type { Response } from 'express';
import type { Problem } from '@mingjing/contracts';

/** Answers with a problem as RFC 9457 says. */
export function refuse(response: Response, status: number, title: string, detail?: string): void {
  const problem: Problem = {
    type: 'about:blank',
    title,
    status,
    ...(detail === undefined ? {} : { detail }),
  };
  response.status(status).type('application/problem+json').send(JSON.stringify(problem));
}

/** Compares in constant time, whatever the lengths. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
