import type { types } from 'mediasoup';
import type { SchedulerLike, Subscription } from 'rxjs';
import { PAYLOAD_TYPE, ingestRtpParameters } from './codecs.ts';
import type { Engine } from './engine.ts';
import type { GroupOfPictures } from './groupOfPictures.ts';
import { restamped, timeOf } from './rtp.ts';

/** A picture of the group that is replayed is so much later than the one before, in 1/90000 s: it is shown at once. */
const STEP = 90;
/** So many packets go out in a go, and then after a breath the next: no socket's buffer holds a whole group. */
const AT_ONCE = 60;
const BREATH_MS = 2;
/** Once the regular picture has its key frame, this one ends after so long. */
const OVERLAP_MS = 3000;
/** Kept before a group's length is known: nobody needs another's picture for longer. */
const LONGEST_MS = 60_000;

let lastSsrc = 0x7000_0000;

/**
 * The picture of one late joiner until the next key frame: the group of pictures so far as fast as it can be
 * decoded, then what follows as it comes. mediasoup keeps no key frame, and a copied camera makes none when asked.
 */
export class WarmStart {
  readonly #transport: types.DirectTransport;
  readonly #producer: types.Producer;
  readonly #ssrc: number;
  readonly #group: GroupOfPictures;
  readonly #scheduler: SchedulerLike;
  #leave: (() => void) | undefined;
  #timer: Subscription | undefined;
  #ending: Subscription | undefined;
  #waiting: Buffer[] = [];
  #sequence = 0;
  /** How many of those waiting have been stamped already: the group that is replayed. */
  #replayed = 0;
  #closed = false;

  private constructor(
    parts: { transport: types.DirectTransport; producer: types.Producer; ssrc: number },
    group: GroupOfPictures,
    scheduler: SchedulerLike,
  ) {
    this.#transport = parts.transport;
    this.#producer = parts.producer;
    this.#ssrc = parts.ssrc;
    this.#group = group;
    this.#scheduler = scheduler;
    this.#ending = scheduler.schedule(() => this.close(), LONGEST_MS);
  }

  /** @throws Error when the worker dies meanwhile */
  static async open(engine: Engine, group: GroupOfPictures, scheduler: SchedulerLike): Promise<WarmStart> {
    lastSsrc += 1;
    const ssrc = lastSsrc;
    const transport = await engine.router.createDirectTransport();
    try {
      const producer = await transport.produce({ kind: 'video', rtpParameters: ingestRtpParameters(ssrc) });
      return new WarmStart({ transport, producer, ssrc }, group, scheduler);
    } catch (problem) {
      transport.close();
      throw problem;
    }
  }

  get producerId(): string {
    return this.#producer.id;
  }

  onClosed(listener: () => void): void {
    this.#transport.observer.once('close', listener);
  }

  /** Its consumer listens: the group goes out. May be called again. */
  begin(): void {
    if (this.#leave || this.#closed) return;
    this.#waiting = [...this.#group.packets];
    const last = this.#waiting.at(-1);
    this.#leave = this.#group.subscribe((packet, isFirst) => {
      this.#waiting.push(packet);
      if (isFirst) this.#endSoon();
      if (!this.#timer) this.#drain();
    });
    if (last) this.#compress(last);
    this.#drain();
  }

  /** Idempotent; closes its consumer with it. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#leave?.();
    this.#timer?.unsubscribe();
    this.#ending?.unsubscribe();
    this.#transport.close();
  }

  /** Sets the times of the group's pictures so that they end where what follows goes on. */
  #compress(last: Buffer): void {
    const times = new Set(this.#waiting.map(timeOf));
    const live = timeOf(last);
    const place = new Map([...times].map((time, index) => [time, live - (times.size - 1 - index) * STEP]));
    this.#waiting = this.#waiting.flatMap((packet) => this.#stamp(packet, place.get(timeOf(packet)) ?? live));
    this.#replayed = this.#waiting.length;
  }

  #stamp(packet: Buffer, time: number): Buffer[] {
    this.#sequence += 1;
    const stamped = restamped(packet, {
      payloadType: PAYLOAD_TYPE,
      sequence: this.#sequence,
      time,
      ssrc: this.#ssrc,
    });
    return stamped ? [stamped] : [];
  }

  #drain(): void {
    this.#timer = undefined;
    const now = this.#waiting.splice(0, AT_ONCE);
    for (const packet of now) {
      if (this.#replayed > 0) {
        this.#replayed -= 1;
        this.#producer.send(packet);
      } else {
        for (const stamped of this.#stamp(packet, timeOf(packet))) this.#producer.send(stamped);
      }
    }
    if (this.#waiting.length > 0) this.#timer = this.#scheduler.schedule(() => this.#drain(), BREATH_MS);
  }

  #endSoon(): void {
    this.#ending?.unsubscribe();
    this.#ending = this.#scheduler.schedule(() => this.close(), OVERLAP_MS);
  }
}
