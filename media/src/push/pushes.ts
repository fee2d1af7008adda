import { createHash, timingSafeEqual } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Camera, CameraSource, Quality } from '@mingjing/contracts';
import type { Cameras } from '../cameras.ts';
import type { Log } from '../log.ts';
import { Publication } from './publication.ts';

export type PushSource = Extract<CameraSource, { kind: 'push' }>;

/** Nobody pushes the stream now. The message is for viewers. */
export class NotPushed extends Error {
  override name = 'NotPushed';

  constructor() {
    super('等待推流 (waiting for the camera to push its picture)');
  }
}

/** A stream that may be pushed: whose, and the digest of its key. */
interface Slot {
  camera: string;
  quality: Quality;
  digest: Buffer;
}

/** Who pushes; `end` is called when another takes the place, or the key is not good any more. */
export interface Publisher {
  protocol: PushSource['protocol'];
  key: string;
  end: (why: string) => void;
}

/** The right to push a stream, taken with its key. */
export interface Pushing {
  camera: string;
  push: (body: Buffer, time: number) => void;
  /** Idempotent. */
  close: () => void;
}

interface Running {
  slot: Slot;
  publication: Publication;
  end: (why: string) => void;
}

interface PushesOptions {
  cameras: Cameras;
  log: Log;
}

/** Whatever the key, of one length. The protocol is part of it: a key is good for one way of pushing. */
function digestOf(protocol: string, key: string): Buffer {
  return createHash('sha256').update(`${protocol}:${key}`).digest();
}

function slotsOf(camera: Camera): Slot[] {
  const sources: [Quality, CameraSource | null | undefined][] = [
    ['main', camera.source],
    ['sub', camera.sub],
  ];
  return sources.flatMap(([quality, source]) =>
    source?.kind === 'push' && source.key !== undefined
      ? [{ camera: camera.id, quality, digest: digestOf(source.protocol, source.key) }]
      : [],
  );
}

/** The streams that are pushed here: who may, who does, and where ffmpeg reads them. */
export class Pushes {
  readonly name = 'pushes';
  readonly #options: PushesOptions;
  readonly #listeners = new Set<(camera: string, quality: Quality) => void>();
  readonly #running = new Map<string, Running>();
  #slots: Slot[] = [];
  #folder: string | undefined;
  #lastNumber = 0;

  constructor(options: PushesOptions) {
    this.#options = options;
    options.cameras.onChange((cameras) => this.#follow(cameras));
  }

  async start(): Promise<void> {
    this.#folder = await mkdtemp(path.join(tmpdir(), 'mj-push-'));
  }

  async stop(): Promise<void> {
    for (const running of this.#running.values()) this.#end(running, 'the media host is stopping');
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }

  /** Tells whose stream begins to be pushed. */
  onBegin(listener: (camera: string, quality: Quality) => void): void {
    this.#listeners.add(listener);
  }

  /** Where ffmpeg reads a stream that is pushed. @throws NotPushed */
  addressOf({ protocol, key }: PushSource): string {
    const running = key === undefined ? undefined : this.#running.get(nameOf(digestOf(protocol, key)));
    if (!running) throw new NotPushed();
    return running.publication.address;
  }

  /** Whose stream a key is good for; compared in constant time with that of every stream. */
  whose(protocol: PushSource['protocol'], key: string): { camera: string; quality: Quality } | undefined {
    const slot = this.#find(protocol, key);
    return slot && { camera: slot.camera, quality: slot.quality };
  }

  /**
   * Begins to push. Whoever pushed the stream before is sent away: an encoder that lost its connection comes back
   * before the old one is known to be dead.
   * @returns undefined for a key that is none
   * @throws Error when the local socket cannot be had
   */
  async begin({ protocol, key, end }: Publisher): Promise<Pushing | undefined> {
    const slot = this.#find(protocol, key);
    if (!slot || this.#folder === undefined) return undefined;
    this.#lastNumber += 1;
    const publication = await Publication.open(path.join(this.#folder, String(this.#lastNumber)));
    const name = nameOf(slot.digest);
    const before = this.#running.get(name);
    if (before) this.#end(before, 'somebody else pushes with the same key');
    if (!this.#slots.includes(slot)) {
      publication.close();
      return undefined;
    }
    const running = { slot, publication, end };
    this.#running.set(name, running);
    const { camera, quality } = slot;
    this.#options.log.info({ camera, quality, protocol }, 'a stream is pushed');
    let begun = false;
    return {
      camera,
      push: (body, time) => {
        publication.push(body, time);
        if (begun || !publication.hasPicture) return;
        begun = true;
        for (const listener of this.#listeners) listener(camera, quality);
      },
      close: () => this.#forget(running),
    };
  }

  #find(protocol: string, key: string): Slot | undefined {
    const given = digestOf(protocol, key);
    // All of them, whichever it is.
    return this.#slots.filter(({ digest }) => timingSafeEqual(digest, given))[0];
  }

  #follow(cameras: ReadonlyMap<string, Camera>): void {
    const known = new Map(
      this.#slots.map((slot) => [`${nameOf(slot.digest)} ${slot.camera} ${slot.quality}`, slot]),
    );
    this.#slots = [...cameras.values()].flatMap((camera) =>
      slotsOf(camera).map(
        (slot) => known.get(`${nameOf(slot.digest)} ${slot.camera} ${slot.quality}`) ?? slot,
      ),
    );
    for (const running of this.#running.values())
      if (!this.#slots.includes(running.slot)) this.#end(running, 'the key is not good any more');
  }

  #end(running: Running, why: string): void {
    const { camera, quality } = running.slot;
    this.#options.log.warn({ camera, quality, why }, 'who pushed is sent away');
    this.#forget(running);
    running.end(why);
  }

  #forget(running: Running): void {
    const name = nameOf(running.slot.digest);
    if (this.#running.get(name) === running) this.#running.delete(name);
    running.publication.close();
  }
}

const nameOf = (digest: Buffer): string => digest.toString('base64url');
