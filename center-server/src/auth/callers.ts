import type { Request, Response } from 'express';
import type { AppDeps } from '../http/deps.ts';
import { ProblemError } from '../http/problems.ts';
import type { Access, Caller } from '../http/route.ts';
import { findSourceByToken, type KnownSource } from '../store/sources/findSourceByToken.ts';
import { setSessionCookie } from './cookie.ts';
import type { SignedIn } from './sessions.ts';
import { bearerToken, sourceTokenHash } from './tokens.ts';
import type { Queryable } from '../store/database.ts';

/**
 * The source behind an Authorization header.
 * @throws ProblemError unauthenticated for no token, an unknown one, and that of a disabled source
 */
export async function requireSource(db: Queryable, authorization: string | undefined): Promise<KnownSource> {
  const token = bearerToken(authorization);
  if (token === undefined) {
    throw new ProblemError(
      'unauthenticated',
      'expected the header "Authorization: Bearer <token of a source>"',
    );
  }
  const source = await findSourceByToken(db, sourceTokenHash(token));
  if (!source) throw new ProblemError('unauthenticated', 'the token is not that of an enabled source');
  return source;
}

/**
 * Who is signed in.
 * @throws ProblemError unauthenticated
 */
export async function requireViewer(deps: AppDeps, request: Request, response: Response): Promise<SignedIn> {
  const signedIn = await deps.sessions.viewerFromCookie(request.headers.cookie);
  if (!signedIn) throw new ProblemError('unauthenticated', 'nobody is signed in, or the session ended');
  response.locals['viewer'] = signedIn.viewer;
  if (signedIn.extended) setSessionCookie(response, deps.config, signedIn.token, signedIn.expiresAt);
  return signedIn;
}

/**
 * Who is calling, if a route lets them.
 * @throws ProblemError unauthenticated or forbidden
 */
export async function callerOf(
  deps: AppDeps,
  access: Access,
  request: Request,
  response: Response,
): Promise<Caller> {
  if (access.open) return {};
  const byToken =
    access.sources !== undefined && (request.headers.authorization !== undefined || !access.roles);
  if (byToken) {
    const source = await requireSource(deps.pool, request.headers.authorization);
    if (access.sources !== 'any' && !access.sources?.includes(source.kind)) {
      const kinds = access.sources?.join(' or ') ?? '';
      throw new ProblemError(
        'forbidden',
        `source "${source.id}" is of kind ${source.kind}; expected ${kinds}`,
      );
    }
    return { source };
  }
  const { viewer, sessionId } = await requireViewer(deps, request, response);
  if (!access.roles?.includes(viewer.role)) {
    throw new ProblemError(
      'forbidden',
      `this is for the roles ${access.roles?.join(', ') ?? 'none'}, not ${viewer.role}`,
    );
  }
  return { viewer, sessionId };
}
