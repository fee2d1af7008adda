import { PTZ_ROLES, sessionCheckAnswerSchema, sessionCheckSchema } from '@mingjing/contracts';
import { signTicket } from '../../auth/tickets.ts';
import { mediaTicketSchema } from '../../openapi/schemas.ts';
import { endedSessions } from '../../store/sessions/endedSessions.ts';
import { regionQuery } from '../params.ts';
import { forRoles, forSources, WATCHERS, type Route } from '../route.ts';

export const mediaRoutes: Route[] = [
  forRoles(WATCHERS, {
    method: 'get',
    path: '/api/media/ticket',
    unattended: true,
    tag: 'Wall',
    summary: 'Where, and with what right, a browser may watch the cameras of a region.',
    query: regionQuery,
    success: { status: 200, schema: mediaTicketSchema },
    handle({ deps, caller: { viewer, sessionId }, query }) {
      const { centre } = deps.config;
      const region = query.region ?? viewer.region;
      const expiresAt = Math.trunc(deps.now()) + centre.ticketMinutes * 60_000;
      const ticket = signTicket(centre.ticketKey, {
        ...{ user: viewer.username, region, session: sessionId, expiresAt },
        ...(PTZ_ROLES.includes(viewer.role) ? { may: ['ptz' as const] } : {}),
      });
      return { url: centre.mediaPublicUrl ?? centre.mediaUrl, ticket, expiresAt };
    },
  }),
  forSources(['media'], {
    method: 'post',
    path: '/api/service/sessions/check',
    tag: 'Services',
    summary: 'Which sessions are no more, for the media host: who has no session has no right to watch.',
    body: sessionCheckSchema,
    success: { status: 200, schema: sessionCheckAnswerSchema },
    async handle({ deps, body }) {
      return { ended: await endedSessions(deps.pool, body.sessions, deps.now()) };
    },
  }),
];
