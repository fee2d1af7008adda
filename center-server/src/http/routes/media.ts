import { signTicket } from '../../auth/tickets.ts';
import { mediaTicketSchema } from '../../openapi/schemas.ts';
import { regionQuery } from '../params.ts';
import { forRoles, WATCHERS, type Route } from '../route.ts';

export const mediaRoutes: Route[] = [
  forRoles(WATCHERS, {
    method: 'get',
    path: '/api/media/ticket',
    tag: 'Wall',
    summary: 'Where, and with what right, a browser may watch the cameras of a region.',
    query: regionQuery,
    success: { status: 200, schema: mediaTicketSchema },
    handle({ deps, caller: { viewer }, query }) {
      const { centre } = deps.config;
      const region = query.region ?? viewer.region;
      const expiresAt = Math.trunc(deps.now()) + centre.ticketMinutes * 60_000;
      const ticket = signTicket(centre.ticketKey, { user: viewer.username, region, expiresAt });
      return { url: centre.mediaPublicUrl ?? centre.mediaUrl, ticket, expiresAt };
    },
  }),
];
