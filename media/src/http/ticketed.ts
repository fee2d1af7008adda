import type { Request, Response } from 'express';
import { inScope } from '@mingjing/contracts';
import type { Camera, TicketClaims } from '@mingjing/contracts';
import type { Cameras } from '../cameras.ts';
import type { Sessions } from '../signalling/sessions.ts';
import { verifyTicket } from '../ticket.ts';
import { refuse } from './refuse.ts';

export interface TicketTools {
  ticketKey: string;
  sessions: Sessions;
  cameras: Cameras;
  /** ms since the epoch. */
  now: () => number;
}

/**
 * What the ticket of a request (the query's `ticket`) says, where it holds.
 * @returns undefined when the request was refused and answered
 */
export function claimsOf(
  { ticketKey, sessions, now }: TicketTools,
  { query: { ticket } }: Pick<Request, 'query'>,
  response: Response,
): TicketClaims | undefined {
  const check = verifyTicket(typeof ticket === 'string' ? ticket : '', ticketKey, now());
  if (!check.ok) {
    refuse(response, 401, 'unauthenticated', check.reason);
    return undefined;
  }
  if (sessions.hasEnded(check.claims)) {
    refuse(response, 401, 'unauthenticated', 'the session of this ticket has ended');
    return undefined;
  }
  return check.claims;
}

/**
 * The camera that a request names, where its ticket holds and is for the camera's region.
 * @returns undefined when the request was refused and answered
 */
export async function cameraInTicket(
  tools: TicketTools,
  request: Request<{ camera: string }>,
  response: Response,
): Promise<Camera | undefined> {
  const claims = claimsOf(tools, request, response);
  if (!claims) return undefined;
  const camera = await tools.cameras.find(request.params.camera);
  if (camera && inScope(claims.region, camera.region)) return camera;
  refuse(response, 404, 'no such camera in your region');
  return undefined;
}
