import type { types } from 'mediasoup-client';

/** What a browser has counted of one incoming picture. */
interface Counted {
  at: number;
  bytes: number;
  frames: number;
  /** Frames that came, decoded or not. */
  came: number;
  /** Seconds that all frames together waited in the jitter buffer, and how many came out of it. */
  waited: number;
  out: number;
  /** Seconds that decoding took altogether. */
  decoding: number;
  /** Seconds to the media host and back. */
  roundTrip: number;
}

export interface Rates {
  bitrate: number | null;
  rate: number | null;
  delay: number | null;
}

interface InboundRtp {
  type: string;
  timestamp: number;
  bytesReceived?: number;
  framesDecoded?: number;
  framesReceived?: number;
  jitterBufferDelay?: number;
  jitterBufferEmittedCount?: number;
  totalDecodeTime?: number;
  nominated?: boolean;
  currentRoundTripTime?: number;
}

async function countedOf(consumer: types.Consumer): Promise<Counted | null> {
  if (consumer.closed) return null;
  let inbound: InboundRtp | undefined;
  let roundTrip = 0;
  (await consumer.getStats()).forEach((one: InboundRtp) => {
    if (one.type === 'inbound-rtp') inbound = one;
    if (one.type === 'candidate-pair' && one.nominated) roundTrip = one.currentRoundTripTime ?? 0;
  });
  return inbound
    ? {
        at: inbound.timestamp,
        bytes: inbound.bytesReceived ?? 0,
        frames: inbound.framesDecoded ?? 0,
        came: inbound.framesReceived ?? 0,
        waited: inbound.jitterBufferDelay ?? 0,
        out: inbound.jitterBufferEmittedCount ?? 0,
        decoding: inbound.totalDecodeTime ?? 0,
        roundTrip,
      }
    : null;
}

/** How many frames a consumer has decoded; 0 as well when it has ended meanwhile. */
export async function framesDecoded(consumer: types.Consumer): Promise<number> {
  return (await countedOf(consumer))?.frames ?? 0;
}

/** How many frames of a consumer have come and were decoded, since it began; null when there is nothing to count. */
export async function framesCounted(
  consumer: types.Consumer,
): Promise<{ came: number; decoded: number } | null> {
  const counted = await countedOf(consumer);
  return counted && { came: counted.came, decoded: counted.frames };
}

/** Rates of what comes in, each time since the last time it was asked. */
export class ReceiverStats {
  #last: { of: types.Consumer; counted: Counted } | null = null;

  /** @returns null the first time of a consumer, and when there is nothing to count */
  async of(consumer: types.Consumer): Promise<Rates | null> {
    const counted = await countedOf(consumer);
    const before = this.#last?.of === consumer ? this.#last.counted : null;
    this.#last = counted && { of: consumer, counted };
    if (!counted || !before || counted.at <= before.at) return null;
    const seconds = (counted.at - before.at) / 1000;
    const out = counted.out - before.out;
    const frames = counted.frames - before.frames;
    const buffered = out > 0 ? (counted.waited - before.waited) / out : null;
    const decoding = frames > 0 ? (counted.decoding - before.decoding) / frames : 0;
    return {
      bitrate: ((counted.bytes - before.bytes) * 8) / seconds,
      rate: frames / seconds,
      delay: buffered === null ? null : (buffered + decoding + counted.roundTrip / 2) * 1000,
    };
  }
}
