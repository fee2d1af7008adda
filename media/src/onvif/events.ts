import { randomUUID } from 'node:crypto';
import type { SchedulerLike } from 'rxjs';
import type { Camera, ObservationEvent } from '@mingjing/contracts';
import type { Cameras } from '../cameras.ts';
import { redact } from '../ffmpeg/reason.ts';
import type { Log } from '../log.ts';
import { messageOf } from '../modules.ts';
import { retryDelay } from '../stream/retry.ts';
import { atHost, type Device } from './device.ts';
import type { Devices } from './devices.ts';
import { allAt, escape, OnvifError, textAt } from './soap.ts';
import { readNews } from './topics.ts';

interface EventsOptions {
  cameras: Cameras;
  devices: Devices;
  tell: (event: ObservationEvent<'camera.event'>) => void;
  scheduler: SchedulerLike;
  log: Log;
}

const NS = 'http://www.onvif.org/ver10/events/wsdl';
/** The camera holds a pull open for so long; a subscription lives longer than some of them. ISO 8601. */
const PULL = 'PT10S';
const LIFE = 'PT60S';
const PULL_WITHIN_MS = 20_000;
const WITHIN_MS = 5000;
const MOST_STATES = 200;
/** What may have ended while nobody listened: that it is over is told at first, too. */
const LASTING: ReadonlySet<string> = new Set(['tamper', 'signal-loss']);

/** Read anew: it may have been aborted while something was awaited. */
const isAborted = ({ aborted }: AbortSignal): boolean => aborted;

/** Listens to what cameras say by themselves: a PullPoint subscription for each that has an ONVIF service. */
export class CameraEvents {
  readonly name = 'camera events';
  readonly #options: EventsOptions;
  readonly #listening = new Map<string, { made: string; ending: AbortController; done: Promise<void> }>();
  #stopped = false;

  constructor(options: EventsOptions) {
    this.#options = options;
  }

  start(): void {
    const { cameras } = this.#options;
    cameras.onChange((all) => this.#follow([...all.values()]));
    this.#follow(cameras.all());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const all = [...this.#listening.values()];
    for (const { ending } of all) ending.abort();
    await Promise.all(all.map(({ done }) => done));
  }

  #follow(cameras: readonly Camera[]): void {
    if (this.#stopped) return;
    const wanted = new Map(cameras.filter(({ onvif }) => onvif).map((camera) => [camera.id, camera]));
    const madeOf = ({ onvif, credentials, region }: Camera) => JSON.stringify([onvif, credentials, region]);
    for (const [id, { made, ending }] of this.#listening) {
      const camera = wanted.get(id);
      if (camera && madeOf(camera) === made) continue;
      ending.abort();
      this.#listening.delete(id);
    }
    for (const [id, camera] of wanted) {
      if (this.#listening.has(id)) continue;
      const ending = new AbortController();
      const done = this.#listen(camera, ending.signal);
      this.#listening.set(id, { made: madeOf(camera), ending, done });
    }
  }

  async #listen(camera: Camera, signal: AbortSignal): Promise<void> {
    const { devices, log } = this.#options;
    const states = new Map<string, boolean | null>();
    let attempt = 0;
    let told = '';
    while (!signal.aborted) {
      try {
        const device = await devices.of(camera);
        if (!(await device.has('events'))) return;
        await this.#subscription(device, signal, (message) => {
          attempt = 0;
          this.#hear(camera, states, message);
        });
      } catch (problem) {
        if (isAborted(signal)) return;
        attempt += 1;
        const why = redact(messageOf(problem)).slice(0, 200);
        if (why !== told) log.info({ camera: camera.id, problem: why }, 'a camera tells no events now');
        told = why;
        await this.#pause(retryDelay(attempt), signal);
      }
    }
  }

  /** Pulls until it fails or is ended; lets go of the subscription at the end. */
  async #subscription(
    device: Device,
    signal: AbortSignal,
    hear: (message: Parameters<typeof readNews>[0]) => void,
  ): Promise<void> {
    const life = `<InitialTerminationTime>${LIFE}</InitialTerminationTime>`;
    const made = await device.call(
      'events',
      `<CreatePullPointSubscription xmlns="${NS}">${life}</CreatePullPointSubscription>`,
      signal,
    );
    const given = textAt(
      made,
      'CreatePullPointSubscriptionResponse',
      'SubscriptionReference',
      'Address',
    ).trim();
    if (given === '') throw new OnvifError('invalid data: a subscription without an address');
    const address = atHost(given, device.address);
    const to = `<a:To xmlns:a="http://www.w3.org/2005/08/addressing" s:mustUnderstand="1">${escape(given)}</a:To>`;
    const pull = `<PullMessages xmlns="${NS}"><Timeout>${PULL}</Timeout><MessageLimit>50</MessageLimit></PullMessages>`;
    const wsnt = 'xmlns="http://docs.oasis-open.org/wsn/b-2"';
    const renew = `<Renew ${wsnt}><TerminationTime>${LIFE}</TerminationTime></Renew>`;
    try {
      while (!signal.aborted) {
        const answer = await device.callAt(address, pull, PULL_WITHIN_MS, signal, to);
        for (const message of allAt(answer, 'PullMessagesResponse', 'NotificationMessage')) hear(message);
        await device.callAt(address, renew, WITHIN_MS, signal, to);
      }
    } finally {
      await device
        .callAt(address, `<Unsubscribe ${wsnt}/>`, 1000, undefined, to)
        .catch((problem: unknown) => {
          this.#options.log.debug(
            { problem: redact(messageOf(problem)) },
            'a subscription is left to end by itself',
          );
        });
    }
  }

  /** Tells what changed: cameras say their states again with every subscription. */
  #hear(camera: Camera, states: Map<string, boolean | null>, message: Parameters<typeof readNews>[0]): void {
    const { key, ...news } = readNews(message);
    const before = states.get(key);
    if (news.state !== null) {
      if (states.size < MOST_STATES) states.set(key, news.state);
      const isFirst = before === undefined && !LASTING.has(news.topic);
      if (before === news.state || (isFirst && !news.state)) return;
    }
    this.#options.tell({
      ...{ specversion: '1.0', id: randomUUID(), source: 'onvif', type: 'camera.event' },
      time: new Date(this.#options.scheduler.now()).toISOString(),
      data: { region: camera.region, camera: camera.id, ...news },
    });
  }

  #pause(ms: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const timer = this.#options.scheduler.schedule(() => resolve(undefined), ms);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
    return promise.finally(() => timer.unsubscribe());
  }
}
