import type { RequestHandler } from 'express';
import { PreviewsBusy, type Previews } from '../recording/previews.ts';
import type { Recordings } from '../recording/recordings.ts';
import { refuse } from './refuse.ts';
import { cameraInTicket, type TicketTools } from './ticketed.ts';

/** GET /recording/:camera/:startedAt/preview?ticket=: a small JPEG of a recorded segment of a camera in the ticket's region. */
export function previewRoute(
  tools: TicketTools & { recordings: Pick<Recordings, 'holds'>; previews: Previews },
): RequestHandler<{ camera: string; startedAt: string }> {
  return async (request, response) => {
    const camera = await cameraInTicket(tools, request, response);
    if (!camera) return;
    const segment = { camera: camera.id, startedAt: Number(request.params.startedAt) };
    if (!tools.recordings.holds(segment)) {
      refuse(response, 404, 'nothing was recorded then, or it is no longer kept');
      return;
    }
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    try {
      const picture = await tools.previews.of(segment, gone.signal);
      response.set('Cache-Control', 'private, max-age=3600');
      response.set('Cross-Origin-Resource-Policy', 'cross-origin');
      response.type('image/jpeg').send(picture);
    } catch (problem) {
      if (gone.signal.aborted) return;
      if (!(problem instanceof PreviewsBusy)) throw problem;
      response.set('Retry-After', '1');
      refuse(response, 503, 'busy', problem.message);
    }
  };
}
