import { randomBytes } from 'node:crypto';
import { Router, text, type Request, type Response } from 'express';
import type { types } from 'mediasoup';
import type { SchedulerLike, Subscription } from 'rxjs';
import { refuse } from '../http/refuse.ts';
import type { Log } from '../log.ts';
import { messageOf } from '../modules.ts';
import { SfuUnavailable, type Sfu } from '../sfu/sfu.ts';
import { avcParameters, avcPicture } from './flv.ts';
import { H264Packets } from './h264Packets.ts';
import type { Pushes, Pushing } from './pushes.ts';
import { OfferRefused, readOffer, writeAnswer, type Offer } from './whipSdp.ts';

interface WhipTools {
  sfu: Sfu;
  pushes: Pushes;
  scheduler: SchedulerLike;
  log: Log;
}

/** An encoder is asked for a key frame so often: viewers and recordings begin with one. In ms. */
const KEY_EVERY_MS = 2000;
/** Nothing came for so long: the encoder is gone. In ms. */
const SILENT_MS = 10_000;
const LONGEST_OFFER = '64kb';

/** One encoder that pushes by WHIP: WebRTC to mediasoup, and from there to whoever reads the publication. */
class WhipSession {
  readonly id = randomBytes(18).toString('base64url');
  readonly key: string;
  readonly #tools: WhipTools;
  readonly #transport: types.WebRtcTransport;
  #pushing: Pushing | undefined;
  #asking: Subscription | undefined;
  #lastAt: number;
  #onEnd: (() => void) | undefined;
  #isOver = false;

  private constructor(tools: WhipTools, transport: types.WebRtcTransport, key: string) {
    this.#tools = tools;
    this.#transport = transport;
    this.key = key;
    this.#lastAt = tools.scheduler.now();
    transport.observer.once('close', () => this.end('the transport was closed'));
    transport.on('dtlsstatechange', (state) => {
      if (state === 'closed' || state === 'failed') this.end(`DTLS ${state}`);
    });
  }

  /** @returns undefined for a key that is none. @throws SfuUnavailable, OfferRefused */
  static async open(tools: WhipTools, key: string, offer: Offer): Promise<WhipSession | undefined> {
    const engine = tools.sfu.pick();
    const session = new WhipSession(tools, await engine.createViewerTransport(), key);
    try {
      await session.#transport.connect({ dtlsParameters: offer.dtls });
      const producer = await session.#transport.produce({ kind: 'video', rtpParameters: offer.rtp });
      const direct = await engine.router.createDirectTransport();
      producer.observer.once('close', () => direct.close());
      const { rtpCapabilities } = engine.router;
      session.#read(await direct.consume({ producerId: producer.id, rtpCapabilities }));
      const end = (why: string): void => session.end(why);
      session.#pushing = await tools.pushes.begin({ protocol: 'whip', key, end });
      if (session.#isClosed()) session.#pushing?.close();
      if (session.#pushing) return session;
      session.end('the key is not known');
      return undefined;
    } catch (problem) {
      session.end(messageOf(problem));
      throw problem;
    }
  }

  get answerer(): types.WebRtcTransport {
    return this.#transport;
  }

  onEnd(listener: () => void): void {
    if (this.#isOver) listener();
    else this.#onEnd = listener;
  }

  /** Idempotent. */
  end(why: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#tools.log.info({ camera: this.#pushing?.camera, why }, 'a WHIP session ended');
    this.#asking?.unsubscribe();
    this.#pushing?.close();
    this.#transport.close();
    this.#onEnd?.();
  }

  #isClosed(): boolean {
    return this.#isOver;
  }

  #read(consumer: types.Consumer): void {
    const ask = (): void => {
      consumer.requestKeyFrame().catch((problem: unknown) => this.end(messageOf(problem)));
    };
    const packets = new H264Packets({
      onParameters: (sps, pps, time) => this.#pushing?.push(avcParameters(sps, pps), time),
      onPicture: ({ units, isKey, time }) => this.#pushing?.push(avcPicture(units, isKey), time),
      onLost: ask,
    });
    consumer.on('rtp', (packet) => {
      this.#lastAt = this.#tools.scheduler.now();
      packets.push(packet);
    });
    this.#asking = this.#tools.scheduler.schedule(() => this.#askAgain(ask), KEY_EVERY_MS);
  }

  #askAgain(ask: () => void): void {
    const { scheduler } = this.#tools;
    if (this.#isOver) return;
    if (scheduler.now() - this.#lastAt >= SILENT_MS) {
      this.end('nothing was sent for a while');
      return;
    }
    ask();
    this.#asking = scheduler.schedule(() => this.#askAgain(ask), KEY_EVERY_MS);
  }
}

/** The key that a request names. */
function keyOf({ headers: { authorization = '' } }: Pick<Request, 'headers'>): string {
  return /^Bearer (\S+)$/i.exec(authorization)?.[1] ?? '';
}

function unauthenticated(response: Response): void {
  response.set('WWW-Authenticate', 'Bearer');
  refuse(
    response,
    401,
    'unauthenticated',
    'expected Authorization: Bearer with the stream key of the camera',
  );
}

/**
 * WHIP (RFC 9725): POST /whip/:camera with an offer and the stream key as bearer token begins to push; DELETE of the
 * address in `Location` ends it. Candidates all stand in the answer: nothing is trickled.
 */
export function whipRoutes(tools: WhipTools): Router {
  const router = Router();
  const sessions = new Map<string, WhipSession>();
  const mayPush = (request: Request<{ camera: string }>, response: Response): boolean => {
    const found = tools.pushes.whose('whip', keyOf(request))?.camera === request.params.camera;
    if (!found) unauthenticated(response);
    return found;
  };
  router.post(
    '/:camera',
    (request: Request<{ camera: string }>, response, next) => {
      if (mayPush(request, response)) next();
    },
    text({ type: 'application/sdp', limit: LONGEST_OFFER }),
    async (request: Request<{ camera: string }>, response) => {
      try {
        if (typeof request.body !== 'string')
          throw new OfferRefused('expected Content-Type: application/sdp');
        const offer = readOffer(request.body);
        const session = await WhipSession.open(tools, keyOf(request), offer);
        if (!session) {
          unauthenticated(response);
          return;
        }
        sessions.set(session.id, session);
        session.onEnd(() => sessions.delete(session.id));
        const place = `/whip/${encodeURIComponent(request.params.camera)}/${session.id}`;
        response.status(201).set({ Location: place, 'Cache-Control': 'no-store' });
        response.type('application/sdp').send(writeAnswer(offer, session.answerer));
      } catch (problem) {
        if (problem instanceof OfferRefused)
          refuse(response, 400, 'the offer cannot be taken', problem.message);
        else if (problem instanceof SfuUnavailable) refuse(response, 503, problem.message);
        else throw problem;
      }
    },
  );
  router.delete('/:camera/:session', (request: Request<{ camera: string; session: string }>, response) => {
    if (!mayPush(request, response)) return;
    const session = sessions.get(request.params.session);
    if (session?.key !== keyOf(request)) {
      refuse(response, 404, 'no such session');
      return;
    }
    session.end('the encoder has ended it');
    response.status(200).end();
  });
  return router;
}
