import express from 'express';
import type { ErrorRequestHandler, Express, RequestHandler } from 'express';
import type { SchedulerLike } from 'rxjs';
import type { Camera } from '@mingjing/contracts';
import type { Clips } from '../clips/clips.ts';
import type { Log } from '../log.ts';
import { messageOf } from '../modules.ts';
import type { Previews } from '../recording/previews.ts';
import type { Recordings } from '../recording/recordings.ts';
import type { Pushes } from '../push/pushes.ts';
import { whipRoutes } from '../push/whip.ts';
import type { Sfu } from '../sfu/sfu.ts';
import type { StillGrabber } from '../stills/grab.ts';
import type { Still, StillStore } from '../stills/store.ts';
import type { Endings } from '../stream/endings.ts';
import type { Streams } from '../stream/streams.ts';
import { cameraTrialRoutes, type CameraTrialTools } from './cameraTrials.ts';
import { clipRoute } from './clip.ts';
import { previewRoute } from './preview.ts';
import { recordingRoute } from './recording.ts';
import { refuse, sameSecret } from './refuse.ts';
import { cameraInTicket, type TicketTools } from './ticketed.ts';

export interface AppTools extends TicketTools {
  token: string;
  origins: readonly string[];
  streams: Streams;
  /** Processes that were killed and are still there. */
  endings: Endings;
  stills: StillStore;
  grabber: StillGrabber;
  trials: CameraTrialTools;
  recordings: Recordings;
  previews: Previews;
  clips: Clips;
  sfu: Sfu;
  pushes: Pushes;
  scheduler: SchedulerLike;
  log: Log;
}

/** A still of a camera that nobody watches is taken anew when it is older. In ms. */
const STALE_AFTER_MS = 30_000;

function allowOrigins(origins: readonly string[]): RequestHandler {
  return ({ headers: { origin } }, response, next) => {
    response.vary('Origin');
    response.set('X-Content-Type-Options', 'nosniff');
    if (origin !== undefined && origins.includes(origin)) response.set('Access-Control-Allow-Origin', origin);
    next();
  };
}

/** Answers whoever has the source token. */
function forSource({ token }: AppTools, answer: () => unknown): RequestHandler {
  return ({ headers: { authorization = '' } }, response) => {
    if (sameSecret(authorization, `Bearer ${token}`)) {
      response.json(answer());
      return;
    }
    response.set('WWW-Authenticate', 'Bearer');
    refuse(
      response,
      401,
      'unauthenticated',
      'expected Authorization: Bearer with the token of the media host',
    );
  };
}

/** The last still of a camera; one that nobody watches is asked for a new one when the last is old. */
async function lastStill(
  { streams, stills, grabber, now }: AppTools,
  camera: Camera,
): Promise<Still | undefined> {
  const still = await stills.last(camera.id);
  const asleep = !streams.isAwake(camera);
  if (!asleep || (still && now() - still.takenAt <= STALE_AFTER_MS)) return still;
  const grabbing = grabber.grab(camera);
  // An old still is shown at once; the new one is there for the next request.
  if (still) return still;
  await grabbing;
  return stills.last(camera.id);
}

/** GET /still/:camera?ticket=: the last JPEG of a camera in the ticket's region; nothing (204) before the first. */
function stillRoute(tools: AppTools): RequestHandler<{ camera: string }> {
  return async (request, response) => {
    const camera = await cameraInTicket(tools, request, response);
    if (!camera) return;
    const still = await lastStill(tools, camera);
    if (!still) {
      // Not an error: there will be one.
      response.status(204).end();
      return;
    }
    response.set('Cache-Control', 'private, no-cache');
    response.set('Cross-Origin-Resource-Policy', 'cross-origin');
    // Sends Last-Modified and answers If-Modified-Since.
    response.sendFile(still.file, { cacheControl: false, dotfiles: 'allow' });
  };
}

/** The HTTP side of the media host. */
export function createApp(tools: AppTools): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(allowOrigins(tools.origins));
  app.get('/healthz', (_request, response) => {
    const reason = tools.sfu.unavailable;
    const streams = { ...tools.streams.counts(), stuck: tools.endings.stuck };
    response.json({ ok: true, video: reason === null, reason, workers: tools.sfu.workers, streams });
  });
  app.get(
    '/streams',
    forSource(tools, () => tools.streams.statuses()),
  );
  app.get(
    '/storage',
    forSource(tools, () => tools.recordings.storage),
  );
  app.get('/still/:camera', stillRoute(tools));
  app.get('/recording/:camera/:startedAt', recordingRoute(tools));
  app.get('/recording/:camera/:startedAt/preview', previewRoute(tools));
  app.use('/cameras', cameraTrialRoutes(tools.trials));
  app.get('/clip/:id', clipRoute(tools));
  app.use('/whip', whipRoutes(tools));
  app.use((_request, response) => refuse(response, 404, 'not found'));
  const onProblem: ErrorRequestHandler = (problem, _request, response, next) => {
    if (response.headersSent) {
      next(problem);
      return;
    }
    const status = problem instanceof URIError ? 400 : 500;
    if (status === 500) tools.log.error({ problem: messageOf(problem) }, 'a request failed');
    refuse(response, status, status === 400 ? 'the address is malformed' : 'internal problem');
  };
  app.use(onProblem);
  return app;
}
