import { connect } from 'node:net';
import type { Camera, Quality } from '@mingjing/contracts';
import { permittedSource, type Permitted } from '../ffmpeg/permitted.ts';

const WITHIN_MS = 1500;
const DEFAULT_PORT = 554;

/** Asks an RTSP server about a stream (DESCRIBE, RFC 2326 §10.2), without signing in. Its status code, or null. */
function describe(address: string): Promise<string | null> {
  const url = new URL(address);
  // A user and a password are for whoever really wants the picture.
  url.username = '';
  url.password = '';
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const socket = connect({ host, port: Number(url.port || DEFAULT_PORT) });
  const end = (answer: string | null): void => {
    socket.destroy();
    resolve(answer);
  };
  socket.setTimeout(WITHIN_MS, () => end(null));
  socket.on('error', () => end(null));
  socket.on('close', () => end(null));
  socket.on('connect', () => {
    if (url.protocol === 'rtsps:') end('connected');
    else socket.write(`DESCRIBE ${url.href} RTSP/1.0\r\nCSeq: 1\r\nAccept: application/sdp\r\n\r\n`);
  });
  socket.on('data', (bytes) => end(/^RTSP\/1\.0 (\d{3})/.exec(bytes.toString('latin1'))?.[1] ?? 'other'));
  return promise;
}

/**
 * A cheap question to a camera, which opens no session: does it answer, and does it say that it has the stream?
 * @returns what it says, to be compared; null when it does not answer, or is none that can be asked
 */
export async function answerOf(
  camera: Camera,
  quality: Quality,
  permitted: Permitted,
): Promise<string | null> {
  const source = quality === 'sub' ? (camera.sub ?? camera.source) : camera.source;
  if (source.kind !== 'rtsp') return null;
  await permittedSource(source, permitted);
  return describe(source.url);
}
