import type { RequestHandler } from 'express';
import type { Recordings } from '../recording/recordings.ts';
import { refuse } from './refuse.ts';
import { cameraInTicket, type TicketTools } from './ticketed.ts';

/** GET /recording/:camera/:startedAt?ticket=: a recorded segment of a camera in the ticket's region, or a range of it. */
export function recordingRoute(
  tools: TicketTools & { recordings: Recordings },
): RequestHandler<{ camera: string; startedAt: string }> {
  return async (request, response) => {
    const camera = await cameraInTicket(tools, request, response);
    if (!camera) return;
    const startedAt = Number(request.params.startedAt);
    if (!tools.recordings.holds({ camera: camera.id, startedAt })) {
      refuse(response, 404, 'nothing was recorded then, or it is no longer kept');
      return;
    }
    response.set('Cache-Control', 'private, max-age=86400, immutable');
    response.set('Cross-Origin-Resource-Policy', 'cross-origin');
    const file = tools.recordings.files.path({ camera: camera.id, startedAt });
    response.sendFile(file, { cacheControl: false, dotfiles: 'allow', acceptRanges: true });
  };
}
