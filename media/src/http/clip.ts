import type { RequestHandler } from 'express';
import { inScope } from '@mingjing/contracts';
import type { Clips } from '../clips/clips.ts';
import { refuse } from './refuse.ts';
import { claimsOf, type TicketTools } from './ticketed.ts';

/** GET /clip/:id?ticket=: the film of a clip of the ticket's region, to be kept as a file. */
export function clipRoute(tools: TicketTools & { clips: Clips }): RequestHandler<{ id: string }> {
  return async (request, response) => {
    const claims = claimsOf(tools, request, response);
    if (!claims) return;
    const film = await tools.clips.film(request.params.id);
    if (!film || !inScope(claims.region, film.region)) {
      refuse(response, 404, 'no such clip in your region');
      return;
    }
    response.set('Cache-Control', 'private, no-store');
    response.set('Cross-Origin-Resource-Policy', 'cross-origin');
    response.attachment(`mingjing-${request.params.id}.mp4`);
    response.sendFile(film.file, { cacheControl: false, dotfiles: 'allow' });
  };
}
