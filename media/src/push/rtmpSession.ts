import { randomBytes } from 'node:crypto';
import { readAmf, writeAmf, type AmfValue } from './amf.ts';
import { ChunkReader, MESSAGE, writeMessage, writeNumber, type RtmpMessage } from './chunks.ts';

/** What a session says to its peer, and to us. */
export interface RtmpHooks {
  send: (bytes: Buffer) => void;
  /** Somebody wants to push with a key; false for one that is none. */
  onPublish: (key: string) => Promise<boolean>;
  /** A picture as FLV carries it. @param time ms */
  onPicture: (body: Buffer, time: number) => void;
  /** The peer has ended, or has to be. */
  onEnd: (why: string) => void;
}

/** C1, C2, S1 and S2 are so long (§5.2). In bytes. */
const GREETING = 1536;
const VERSION = 3;
/** A message may be so large before and after it is known who speaks. In bytes. */
const LIMIT_OF_STRANGERS = 16 * 1024;
const LIMIT_OF_PUBLISHERS = 16 * 1024 * 1024;
/** What we send is in chunks of this size; none of our messages is longer. In bytes. */
const CHUNK = 4096;
const WINDOW = 2_500_000;
const DYNAMIC = 2;
/** The one stream of messages that a connection has. */
const STREAM = 1;

/**
 * One connection of an encoder, as RTMP 1.0 says it (handshake §5.2, commands §7.2), for pushing alone. The digests of
 * the handshake that only Flash Player wanted are left out, as nginx and ffmpeg do.
 */
export class RtmpSession {
  readonly #hooks: RtmpHooks;
  readonly #reader = new ChunkReader(LIMIT_OF_STRANGERS);
  #greeting: Buffer | undefined = Buffer.alloc(0);
  #isGreeted = false;
  #publishing: 'no' | 'asked' | 'yes' = 'no';
  #received = 0;
  #acknowledged = 0;
  #window = WINDOW;

  constructor(hooks: RtmpHooks) {
    this.#hooks = hooks;
  }

  get isPublishing(): boolean {
    return this.#publishing === 'yes';
  }

  /** @throws RangeError for what is no RTMP */
  push(bytes: Buffer): void {
    this.#acknowledge(bytes.length);
    const rest = this.#greeting === undefined ? bytes : this.#greet(bytes);
    if (rest === undefined) return;
    for (const message of this.#reader.push(rest)) this.#take(message);
  }

  /** @returns what follows the handshake; undefined while that is not whole */
  #greet(bytes: Buffer): Buffer | undefined {
    const all = Buffer.concat([this.#greeting ?? Buffer.alloc(0), bytes]);
    this.#greeting = all;
    if (all.length > 0 && all[0] !== VERSION)
      throw new RangeError(`RTMP: version ${all[0]}; expected ${VERSION}`);
    if (all.length < 1 + GREETING) return undefined;
    if (!this.#isGreeted) {
      this.#isGreeted = true;
      const own = Buffer.concat([Buffer.alloc(8), randomBytes(GREETING - 8)]);
      this.#hooks.send(Buffer.concat([Buffer.of(VERSION), own, all.subarray(1, 1 + GREETING)]));
    }
    if (all.length < 1 + 2 * GREETING) return undefined;
    this.#greeting = undefined;
    return all.subarray(1 + 2 * GREETING);
  }

  /** Tells the peer how much has come, as often as it wants to know (§5.4.3). */
  #acknowledge(length: number): void {
    this.#received += length;
    if (this.#greeting !== undefined || this.#received - this.#acknowledged < this.#window) return;
    this.#acknowledged = this.#received;
    this.#hooks.send(writeNumber(MESSAGE.acknowledgement, this.#received));
  }

  #take({ type, stream, time, body }: RtmpMessage): void {
    if (type === MESSAGE.video) {
      if (this.#publishing === 'yes') this.#hooks.onPicture(body, time);
    } else if (type === MESSAGE.windowSize) {
      this.#window = Math.max(1, body.readUInt32BE(0));
    } else if (type === MESSAGE.command || type === MESSAGE.command3) {
      // A command of AMF 3 is one of AMF 0 behind a byte (§7.1.1).
      this.#command(readAmf(type === MESSAGE.command ? body : body.subarray(1)), stream);
    }
  }

  #command([name, transaction = 0, , argument]: AmfValue[], stream: number): void {
    switch (name) {
      case 'connect':
        this.#connect(transaction);
        return;
      case 'createStream':
        this.#answer(transaction, null, STREAM);
        return;
      case 'publish':
        this.#publish(argument, stream);
        return;
      case 'play':
        this.#refuse(stream, 'NetStream.Play.Failed', 'this server is pushed to');
        return;
      case 'FCUnpublish':
      case 'deleteStream':
      case 'closeStream':
        if (this.#publishing !== 'no') this.#hooks.onEnd('the publisher has ended');
        return;
      default:
      // `releaseStream`, `FCPublish` and the like want no answer.
    }
  }

  #connect(transaction: AmfValue): void {
    this.#hooks.send(writeNumber(MESSAGE.windowSize, WINDOW));
    this.#hooks.send(writeNumber(MESSAGE.peerBandwidth, WINDOW, DYNAMIC));
    this.#hooks.send(writeNumber(MESSAGE.chunkSize, CHUNK));
    const connected = {
      ...{ level: 'status', code: 'NetConnection.Connect.Success', description: 'connected' },
      objectEncoding: 0,
    };
    this.#answer(transaction, { fmsVer: 'FMS/3,0,1,123', capabilities: 31 }, connected);
  }

  #publish(name: AmfValue | undefined, stream: number): void {
    if (this.#publishing !== 'no') return;
    this.#publishing = 'asked';
    // Encoders append parameters of their own.
    const key = typeof name === 'string' ? (name.split('?')[0] ?? '') : '';
    this.#hooks.onPublish(key).then(
      (taken) => {
        if (!taken) {
          this.#refuse(stream, 'NetStream.Publish.BadName', 'the stream key is not known');
          return;
        }
        this.#publishing = 'yes';
        this.#reader.limit = LIMIT_OF_PUBLISHERS;
        this.#status(stream, 'status', 'NetStream.Publish.Start', 'publishing');
      },
      () => this.#refuse(stream, 'NetStream.Publish.Failed', 'the media host cannot take it now'),
    );
  }

  #answer(transaction: AmfValue, ...values: Parameters<typeof writeAmf>): void {
    const number = typeof transaction === 'number' ? transaction : 0;
    this.#hooks.send(writeMessage(MESSAGE.command, 0, writeAmf('_result', number, ...values)));
  }

  #status(stream: number, level: string, code: string, description: string): void {
    const body = writeAmf('onStatus', 0, null, { level, code, description });
    this.#hooks.send(writeMessage(MESSAGE.command, stream, body));
  }

  #refuse(stream: number, code: string, why: string): void {
    this.#status(stream, 'error', code, why);
    this.#hooks.onEnd(why);
  }
}
