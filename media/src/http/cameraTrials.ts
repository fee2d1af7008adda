import { json, Router } from 'express';
import type { Request, Response } from 'express';
import { cameraTestRequestSchema, discoveryRequestSchema } from '@mingjing/contracts';
import type { TicketClaims } from '@mingjing/contracts';
import type { Searches } from '../onvif/searches.ts';
import { tryCamera, type TrialTools } from '../onvif/trial.ts';
import { verifyTicket } from '../ticket.ts';
import { refuse } from './refuse.ts';

export interface CameraTrialTools extends TrialTools {
  ticketKey: string;
  searches: Searches;
}

/** Cameras that are tried out at the same time. */
const AT_ONCE = 2;

/** @returns undefined when the request was refused and answered */
function administrator(
  { ticketKey, scheduler }: CameraTrialTools,
  { headers: { authorization = '' } }: Pick<Request, 'headers'>,
  response: Response,
): TicketClaims | undefined {
  const check = verifyTicket(authorization.replace(/^Bearer /, ''), ticketKey, scheduler.now());
  if (check.ok && check.claims.may?.includes('cameras')) return check.claims;
  refuse(response, 401, 'unauthenticated', check.ok ? 'the ticket is for watching' : check.reason);
  return undefined;
}

/** What the centre asks for administrators, with a ticket that no browser gets: to try cameras, and to search for them. */
export function cameraTrialRoutes(tools: CameraTrialTools): Router {
  const router = Router();
  let trying = 0;
  router.use(json({ limit: '64kb' }));
  router.post('/test', async (request, response) => {
    if (!administrator(tools, request, response)) return;
    const wish = cameraTestRequestSchema.safeParse(request.body);
    if (!wish.success) {
      refuse(response, 400, 'the request is not valid');
      return;
    }
    if (trying >= AT_ONCE) {
      refuse(response, 429, 'others are being tried');
      return;
    }
    trying += 1;
    const test = await tryCamera(tools, wish.data).finally(() => (trying -= 1));
    response.set('Cache-Control', 'no-store').json(test);
  });
  router.post('/discovery', (request, response) => {
    const claims = administrator(tools, request, response);
    if (!claims) return;
    const wish = discoveryRequestSchema.safeParse(request.body);
    if (!wish.success) {
      refuse(response, 400, 'the request is not valid');
      return;
    }
    const search = tools.searches.begin(claims.user, wish.data);
    if (search) response.json(search);
    else refuse(response, 429, 'too many searches');
  });
  router.get('/discovery/:id', (request: Request<{ id: string }>, response) => {
    const claims = administrator(tools, request, response);
    if (!claims) return;
    const search = tools.searches.look(claims.user, request.params.id);
    if (search) response.json(search);
    else refuse(response, 404, 'no such search');
  });
  return router;
}
