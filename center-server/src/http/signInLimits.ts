import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit, type Options } from 'express-rate-limit';
import type { CentreConfig } from '../config.ts';
import { ProblemError } from './problems.ts';

/** How many names one address may fail with, for each failure it may make with one name. */
const NAMES_PER_ADDRESS = 10;

function addressOf(request: Request): string {
  return ipKeyGenerator(request.ip ?? 'unknown');
}

function usernameOf(request: Request): string {
  const { username } = (request.body ?? {}) as { username?: unknown };
  return typeof username === 'string' ? username.slice(0, 200) : '';
}

/**
 * Failed sign-ins: so many per name and address, and ten times as many per address. Successful ones do
 * not count. Goes after the body parser.
 */
export function signInLimits({ centre }: CentreConfig): RequestHandler[] {
  const windowMs = centre.signInWindowMinutes * 60_000;
  const common: Partial<Options> = {
    windowMs,
    skipSuccessfulRequests: true,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (_request, _response, next) => {
      const detail = `too many failed sign-ins; try again in ${centre.signInWindowMinutes} minutes`;
      next(new ProblemError('busy', detail, { retryAfterSeconds: windowMs / 1000 }));
    },
  };
  return [
    rateLimit({ ...common, limit: centre.signInAttempts * NAMES_PER_ADDRESS, keyGenerator: addressOf }),
    rateLimit({
      ...common,
      limit: centre.signInAttempts,
      keyGenerator: (request) => JSON.stringify([addressOf(request), usernameOf(request)]),
    }),
  ];
}
