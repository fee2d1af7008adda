import type { Server } from 'node:http';
import type { Camera } from '@mingjing/contracts';
import type { SchedulerLike } from 'rxjs';
import type { Cameras } from '../cameras.ts';
import type { MediaConfig } from '../config.ts';
import type { Log } from '../log.ts';
import { messageOf } from '../modules.ts';
import type { Devices } from '../onvif/devices.ts';
import type { Steering } from '../onvif/steering.ts';
import type { Sfu } from '../sfu/sfu.ts';
import type { Streams } from '../stream/streams.ts';
import { tellCentre } from '../viewings/tellCentre.ts';
import { Viewings } from '../viewings/viewings.ts';
import { Sessions } from './sessions.ts';
import { Signalling } from './signalling.ts';

interface Parts {
  http: Server;
  origins: readonly string[];
  cameras: Cameras;
  streams: Streams;
  sfu: Sfu;
  onvif: { steering: Steering; devices: Devices };
}

/** The viewers' side: their sessions, what they watch, and who keeps that. `modules` in the order in which they start. */
export function assembleSignalling(config: MediaConfig, parts: Parts, scheduler: SchedulerLike, log: Log) {
  const { http, origins, cameras, streams, sfu, onvif } = parts;
  const { ticketKey, dataDir, iceUrls, turnSecret, relayOnly } = config;
  const sessions = new Sessions({ ...config, scheduler, log });
  const viewings = new Viewings({ dataDir, tell: (news) => tellCentre(config, news), scheduler, log });
  const askForKeyFrame = (camera: Camera): void => {
    onvif.devices.requestKeyFrame(camera).catch((problem: unknown) => {
      log.warn({ camera: camera.id, problem: messageOf(problem) }, 'the camera made no key frame when asked');
    });
  };
  const ice = { iceUrls, turnSecret, relayOnly };
  const signalling = new Signalling({
    http,
    origins,
    log,
    tools: {
      ...{ ticketKey, sessions, cameras, streams, sfu, ice, viewings, askForKeyFrame, scheduler },
      steering: onvif.steering,
    },
  });
  return { modules: [sessions, viewings, signalling], sessions };
}
