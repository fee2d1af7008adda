import type { SchedulerLike } from 'rxjs';
import type { ObservationEvent, PtzAction } from '@mingjing/contracts';
import type { Cameras } from '../cameras.ts';
import type { MediaConfig } from '../config.ts';
import type { Permitted } from '../ffmpeg/permitted.ts';
import type { Log } from '../log.ts';
import type { CameraTrialTools } from '../http/cameraTrials.ts';
import { CentreQueue } from './centreQueue.ts';
import { Devices } from './devices.ts';
import { CameraEvents } from './events.ts';
import { Searches } from './searches.ts';
import { Steering } from './steering.ts';
import { Waiting } from './waiting.ts';

/** What speaks ONVIF with cameras: finding, trying, steering and hearing them. `modules` in the order in which they start. */
export function assembleOnvif(
  config: MediaConfig,
  { cameras, permitted }: { cameras: Cameras; permitted: Permitted },
  scheduler: SchedulerLike,
  log: Log,
) {
  const { ffmpeg, ffprobe, font, cameraHosts, production, ticketKey, centreUrl, token } = config;
  const waiting = new Waiting(config.dataDir);
  const rules = { cameraHosts, production, now: () => scheduler.now() };
  const devices = new Devices(rules);
  const searches = new Searches({ rules, targets: config.discoveryTargets, scheduler, log });
  const centre = { centreUrl, token, waiting, scheduler, log };
  const acts = new CentreQueue<PtzAction>({
    ...{ ...centre, name: 'steering report', path: '/api/service/ptz', contentType: 'application/json' },
    bodyOf: (actions) => ({ actions }),
  });
  const news = new CentreQueue<ObservationEvent<'camera.event'>>({
    ...{ ...centre, name: 'camera news', path: '/api/ingest' },
    ...{ contentType: 'application/cloudevents-batch+json', bodyOf: (events) => events },
  });
  const steering = new Steering({ devices, scheduler, log, report: (action) => acts.push(action) });
  const events = new CameraEvents({ cameras, devices, scheduler, log, tell: (event) => news.push(event) });
  const trials: CameraTrialTools = {
    ffmpeg,
    ffprobe,
    font,
    permitted,
    rules,
    scheduler,
    ticketKey,
    searches,
  };
  return { modules: [waiting, acts, news, searches, steering, events], steering, trials, devices };
}
