import { signInSchema, type Session } from '@mingjing/contracts';
import { clearSessionCookie, setSessionCookie } from '../../auth/cookie.ts';
import { requireViewer } from '../../auth/callers.ts';
import type { SignedIn } from '../../auth/sessions.ts';
import { sessionSchema } from '../../openapi/schemas.ts';
import { getRegion } from '../../store/lookups/getRegion.ts';
import type { AppDeps } from '../deps.ts';
import { ProblemError } from '../problems.ts';
import { forAnybody, type Route } from '../route.ts';

/** What a browser is told of its session. */
export async function sessionOf(deps: AppDeps, { viewer, expiresAt }: SignedIn): Promise<Session> {
  const region = await getRegion(deps.pool, viewer.region);
  if (!region)
    throw new Error(`user ${viewer.username} belongs to region ${viewer.region}, which there is not`);
  const { userId: id, username, name, role, wall } = viewer;
  return {
    user: { id, username, name, role, region: viewer.region, disabled: false },
    region,
    expiresAt,
    ...(wall === undefined ? {} : { wall }),
  };
}

export const sessionRoutes: Route[] = [
  forAnybody({
    method: 'post',
    path: '/api/session',
    tag: 'Session',
    summary: 'Sign in. Sets the cookie mj_session.',
    body: signInSchema,
    success: { status: 200, schema: sessionSchema },
    async handle({ deps, body, request, response }) {
      const signedIn = await deps.sessions.signIn(body.username, body.password, request.ip ?? 'unknown');
      if (!signedIn) throw new ProblemError('unauthenticated', 'the name or the password is wrong');
      response.locals['viewer'] = signedIn.viewer;
      setSessionCookie(response, deps.config, signedIn.token, signedIn.expiresAt);
      return sessionOf(deps, signedIn);
    },
  }),
  forAnybody({
    method: 'get',
    path: '/api/session',
    tag: 'Session',
    summary: 'Who is signed in, and until when. Answers 401 when nobody is.',
    success: { status: 200, schema: sessionSchema },
    async handle({ deps, request, response }) {
      return sessionOf(deps, await requireViewer(deps, request, response));
    },
  }),
  forAnybody({
    method: 'delete',
    path: '/api/session',
    tag: 'Session',
    summary: 'Sign out.',
    success: { status: 204 },
    async handle({ deps, request, response }) {
      await deps.sessions.signOut(request.headers.cookie, request.ip ?? 'unknown');
      clearSessionCookie(response, deps.config);
    },
  }),
];
