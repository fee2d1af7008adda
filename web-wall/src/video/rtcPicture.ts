import type { ConsumerOffer, Quality } from '@mingjing/contracts';
import type { types } from 'mediasoup-client';
import { ask } from './ask.ts';
import type { MediaSocket, Value } from './ask.ts';
import { messageOf } from './picture.ts';
import type { Carrier, CarrierHooks, FrameCounts, PictureFigures, Wish } from './picture.ts';
import { ReceiverStats, framesCounted, framesDecoded } from './receiverStats.ts';

/** What WebRTC needs of a session. */
export interface Rtc {
  capabilities: types.RtpCapabilities;
  transport: types.Transport;
}

/** How often it is looked whether a picture that is to be shown has a frame. */
const LOOK_EVERY_MS = 100;
/** Another stream of the camera that could not be had is tried again after so long. */
const QUALITY_AGAIN_MS = 15_000;

/**
 * A camera by WebRTC. One stream is shown, whose track changes without a break: from the last group of pictures to the
 * regular picture, and from a small stream to the whole one and back.
 */
export class RtcPicture implements Carrier {
  readonly #socket: MediaSocket;
  readonly #rtc: Rtc;
  readonly #camera: string;
  readonly #hooks: CarrierHooks;
  readonly #stats = new ReceiverStats();
  readonly #stream = new MediaStream();
  #shown: types.Consumer | null = null;
  /** What takes its place as soon as it has a frame; the best comes last. */
  #coming: types.Consumer[] = [];
  #quality: Quality | null = null;
  #wanted: Quality;
  #paused: boolean;
  #closed = false;
  #run = 0;
  #looking: ReturnType<typeof setInterval> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(socket: MediaSocket, rtc: Rtc, { camera, quality, paused }: Wish, hooks: CarrierHooks) {
    this.#socket = socket;
    this.#rtc = rtc;
    this.#camera = camera;
    this.#wanted = quality;
    this.#paused = paused;
    this.#hooks = hooks;
    void this.#open();
  }

  get quality(): Quality | null {
    return this.#quality;
  }

  owns(id: string): boolean {
    return this.#all().some((one) => one.id === id);
  }

  setPaused(paused: boolean): void {
    this.#paused = paused;
    if (this.#shown) void this.#turn();
  }

  setQuality(quality: Quality): void {
    if (quality === this.#wanted) return;
    this.#wanted = quality;
    clearTimeout(this.#again);
    // Before the first picture the wish is heard when that has come.
    if (this.#shown) void this.#open();
  }

  async figures(): Promise<PictureFigures | null> {
    if (!this.#shown || this.#quality === null) return null;
    const rates = await this.#stats.of(this.#shown);
    const none = { bitrate: null, rate: null, delay: null };
    return { carriedBy: 'webrtc', quality: this.#quality, ...none, ...rates };
  }

  frames(): Promise<FrameCounts | null> {
    return this.#shown ? framesCounted(this.#shown) : Promise.resolve(null);
  }

  close(): void {
    this.#closed = true;
    this.#run += 1;
    clearTimeout(this.#again);
    clearInterval(this.#looking);
    for (const one of this.#all()) this.#letGo(one);
    this.#shown = null;
    this.#coming = [];
  }

  #all(): types.Consumer[] {
    return [...(this.#shown ? [this.#shown] : []), ...this.#coming];
  }

  async #open(): Promise<void> {
    this.#run += 1;
    const run = this.#run;
    const wanted = this.#wanted;
    try {
      const offer = await ask(this.#socket, 'watch', {
        camera: this.#camera,
        quality: wanted,
        transportId: this.#rtc.transport.id,
        rtpCapabilities: this.#rtc.capabilities,
      });
      // A camera with one stream only offers what is shown already.
      if (run !== this.#run || (this.#shown && offer.quality === this.#quality)) {
        for (const { consumerId } of [offer, ...(offer.warm ? [offer.warm] : [])]) this.#release(consumerId);
        return;
      }
      await this.#take(run, offer);
      if (!this.#closed && this.#wanted !== wanted) void this.#open();
    } catch (error) {
      if (run !== this.#run) return;
      if (!this.#shown) this.#hooks.failed(messageOf(error));
      else this.#again = setTimeout(() => void this.#open(), QUALITY_AGAIN_MS);
    }
  }

  async #take(run: number, { warm, quality, ...offer }: Value<'watch'>): Promise<void> {
    const regular = await this.#receive(offer);
    const early = warm && (await this.#receive(warm));
    const received = [...(early ? [early] : []), regular];
    if (run !== this.#run) {
      for (const one of received) this.#letGo(one);
      return;
    }
    this.#quality = quality;
    this.#coming.push(...received);
    if (!this.#shown) this.#show();
    await this.#turn();
    if (run !== this.#run) return;
    this.#hooks.ready();
    this.#look();
  }

  /** The first picture is shown before it has a frame: there is nothing else. */
  #show(): void {
    const first = this.#coming.shift();
    if (!first) return;
    this.#shown = first;
    this.#stream.addTrack(first.track);
    this.#hooks.picture({
      carriedBy: 'webrtc',
      attach: (video) => {
        video.srcObject = this.#stream;
        return () => (video.srcObject = null);
      },
    });
  }

  #receive(offer: ConsumerOffer): Promise<types.Consumer> {
    return this.#rtc.transport.consume({
      id: offer.consumerId,
      producerId: offer.producerId,
      kind: offer.kind,
      rtpParameters: offer.rtpParameters as unknown as types.RtpParameters,
    });
  }

  #look(): void {
    clearInterval(this.#looking);
    if (this.#coming.length === 0) return;
    let busy = false;
    this.#looking = setInterval(() => {
      if (busy || this.#paused) return;
      busy = true;
      void this.#takeOver().finally(() => (busy = false));
    }, LOOK_EVERY_MS);
  }

  /** Shows the best that has a frame, and lets go of all that was to come before it. */
  async #takeOver(): Promise<void> {
    const coming = this.#coming;
    const frames = await Promise.all(coming.map(framesDecoded));
    const index = frames.findLastIndex((count) => count > 0);
    const next = coming[index];
    if (!next || this.#closed || !this.#coming.includes(next)) return;
    const before = this.#shown;
    const passed = this.#coming.slice(0, this.#coming.indexOf(next));
    this.#coming = this.#coming.slice(this.#coming.indexOf(next) + 1);
    this.#shown = next;
    this.#stream.addTrack(next.track);
    if (before) this.#stream.removeTrack(before.track);
    for (const one of [...(before ? [before] : []), ...passed]) this.#letGo(one);
    if (this.#coming.length === 0) clearInterval(this.#looking);
  }

  /** Brings the far side in step with whether the tile is seen. */
  async #turn(): Promise<void> {
    const event = this.#paused ? 'pause' : 'resume';
    const run = this.#run;
    try {
      await Promise.all(this.#all().map(({ id }) => ask(this.#socket, event, { consumerId: id })));
    } catch (error) {
      if (run === this.#run && !this.#closed) this.#hooks.failed(messageOf(error));
    }
  }

  #letGo(consumer: types.Consumer): void {
    consumer.close();
    this.#release(consumer.id);
  }

  /** Tells the host that a consumer is not needed. If it cannot be told, the broken connection ends it there. */
  #release(consumerId: string): void {
    if (this.#socket.connected) this.#socket.emit('unwatch', { consumerId }, () => undefined);
  }
}
