import type { Request, Response } from 'express';
import { inScope } from '@mingjing/contracts';
import type { Camera } from '@mingjing/contracts';
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
 * The camera that a request names, where its ticket (the query's `ticket`) holds and is for the camera's region.
 * @returns undefined when the request was refused and answered
 */
export async function cameraInTicket(
  { ticketKey, sessions, cameras, now }: TicketTools,
  { params, query: { ticket } }: Request<{ camera: string }>,
  response: Response,
): Promise<Camera | undefined> {
  const check = verifyTicket(typeof ticket === 'string' ? ticket : '', ticketKey, now());
  if (!check.ok) {
    refuse(response, 401, 'unauthenticated', check.reason);
    return undefined;
  }
  if (sessions.hasEnded(check.claims)) {
    refuse(response, 401, 'unauthenticated', 'the session of this ticket has ended');
    return undefined;
  }
  const camera = await cameras.find(params.camera);
  if (!camera || !inScope(check.claims.region, camera.region)) {
    refuse(response, 404, 'no such camera in your region');
    return undefined;
  }
  return camera;
}
