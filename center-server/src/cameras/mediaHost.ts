import type { z } from 'zod';
import { signTicket } from '../auth/tickets.ts';
import type { Viewer } from '../auth/viewer.ts';
import type { AppDeps } from '../http/deps.ts';
import { ProblemError } from '../http/problems.ts';

/** Trying a camera out takes this long at most, in ms; and a ticket for it is good for so long. */
const ANSWER_WITHIN_MS = 45_000;
const GOOD_FOR_MS = 60_000;

interface Asked<T> {
  method: 'GET' | 'POST';
  path: string;
  body?: unknown;
  schema: z.ZodType<T>;
}

/**
 * Asks the media host for an administrator, by a ticket that no browser gets.
 * @throws ProblemError unavailable when it does not answer; not-found or invalid as it says
 */
export async function askMediaHost<T>(
  deps: Pick<AppDeps, 'config' | 'now'>,
  by: { viewer: Viewer; sessionId: string },
  { method, path, body, schema }: Asked<T>,
): Promise<T> {
  const { ticketKey, mediaUrl } = deps.config.centre;
  const { username: user, region } = by.viewer;
  const expiresAt = Math.trunc(deps.now()) + GOOD_FOR_MS;
  const ticket = signTicket(ticketKey, { user, region, session: by.sessionId, expiresAt, may: ['cameras'] });
  let answer: Response;
  try {
    answer = await fetch(new URL(path, mediaUrl), {
      method,
      headers: { authorization: `Bearer ${ticket}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ProblemError('unavailable', `the media host does not answer: ${why}`);
  }
  if (answer.status === 404) throw new ProblemError('not-found', 'there is no such search any more');
  if (answer.status === 429) throw new ProblemError('busy', 'the media host is trying out others');
  if (!answer.ok) throw new ProblemError('unavailable', `the media host answered HTTP ${answer.status}`);
  return schema.parse(await answer.json());
}
