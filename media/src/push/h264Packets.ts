import { payloadOf, timeOf } from '../sfu/rtp.ts';

/** One picture of H.264: its units without parameter sets. */
export interface PacketPicture {
  units: Buffer[];
  isKey: boolean;
  /** ms, counting from 0 again after 2^32. */
  time: number;
}

export interface PacketHooks {
  /** Before the first picture that needs them, and whenever they have changed. */
  onParameters: (sps: Buffer, pps: Buffer, time: number) => void;
  onPicture: (picture: PacketPicture) => void;
  /** A picture is not whole: nothing can be shown before the next key frame. */
  onLost: () => void;
}

const IDR = 5;
const SPS = 7;
const PPS = 8;
const DELIMITER = 9;
const STAP_A = 24;
const FU_A = 28;
/** So many later packets come before one that is missing counts as lost. */
const REORDERED = 48;
/** Units of RTP time in a ms. */
const CLOCK = 90;

/** Puts pictures of H.264 together from RTP packets (RFC 6184, packetization mode 1), also where they come out of order. */
export class H264Packets {
  readonly #hooks: PacketHooks;
  readonly #waiting = new Map<number, Buffer>();
  #next: number | undefined;
  #units: Buffer[] = [];
  #pieces: Buffer[] = [];
  #rtpTime: number | undefined;
  /** Counts on where RTP time begins at 0 again. */
  #clock = 0;
  #sps: Buffer | undefined;
  #pps: Buffer | undefined;
  #isFresh = false;
  #isBroken = true;

  constructor(hooks: PacketHooks) {
    this.#hooks = hooks;
  }

  push(packet: Buffer): void {
    if (!payloadOf(packet)) return;
    const sequence = packet.readUInt16BE(2);
    this.#next ??= sequence;
    // Behind what was taken: it came too late, or twice.
    if (((sequence - this.#next) & 0xffff) > 0x8000) return;
    this.#waiting.set(sequence, Buffer.from(packet));
    if (this.#waiting.size > REORDERED) this.#skip();
    for (;;) {
      const due = this.#waiting.get(this.#next);
      if (!due) return;
      this.#waiting.delete(this.#next);
      this.#next = (this.#next + 1) & 0xffff;
      this.#take(due);
    }
  }

  /** Goes on without what is missing. */
  #skip(): void {
    const from = this.#next ?? 0;
    const ahead = [...this.#waiting.keys()].map((sequence) => (sequence - from) & 0xffff);
    this.#next = (from + Math.min(...ahead)) & 0xffff;
    this.#units = [];
    this.#pieces = [];
    this.#isBroken = true;
    this.#hooks.onLost();
  }

  #take(packet: Buffer): void {
    const payload = payloadOf(packet);
    if (!payload) return;
    const time = timeOf(packet);
    if (time !== this.#rtpTime) {
      this.#finish();
      if (this.#rtpTime !== undefined) this.#clock += (time - this.#rtpTime) | 0;
      this.#rtpTime = time;
    }
    this.#unpack(packet.subarray(payload.start, payload.end));
    const isLast = (packet.readUInt8(1) & 0x80) !== 0;
    if (isLast) this.#finish();
  }

  #unpack(payload: Buffer): void {
    const first = payload.readUInt8(0);
    const kind = first & 0x1f;
    if (kind === STAP_A) {
      for (let at = 1; at + 2 < payload.length; at += 2 + payload.readUInt16BE(at))
        this.#unit(payload.subarray(at + 2, at + 2 + payload.readUInt16BE(at)));
    } else if (kind === FU_A && payload.length > 2) {
      const head = payload.readUInt8(1);
      if ((head & 0x80) !== 0) this.#pieces = [Buffer.of((first & 0xe0) | (head & 0x1f))];
      this.#pieces.push(payload.subarray(2));
      if ((head & 0x40) !== 0) this.#unit(Buffer.concat(this.#pieces.splice(0)));
    } else if (kind < STAP_A) {
      this.#unit(payload);
    }
  }

  #unit(unit: Buffer): void {
    if (unit.length === 0) return;
    const kind = unit.readUInt8(0) & 0x1f;
    if (kind === SPS && unit.length > 3) {
      this.#isFresh ||= !this.#sps?.equals(unit);
      this.#sps = unit;
    } else if (kind === PPS) {
      this.#isFresh ||= !this.#pps?.equals(unit);
      this.#pps = unit;
    } else if (kind !== DELIMITER) {
      this.#units.push(unit);
    }
  }

  #finish(): void {
    const units = this.#units.splice(0);
    if (units.length === 0 || !this.#sps || !this.#pps) return;
    const isKey = units.some((unit) => (unit.readUInt8(0) & 0x1f) === IDR);
    if (this.#isBroken && !isKey) return;
    this.#isBroken = false;
    const time = Math.round(this.#clock / CLOCK) >>> 0;
    if (this.#isFresh) this.#hooks.onParameters(this.#sps, this.#pps, time);
    this.#isFresh = false;
    this.#hooks.onPicture({ units, isKey, time });
  }
}
