import { PeerConnection, RtcpReceivingSession, initLogger } from 'node-datachannel';
import type { Track } from 'node-datachannel';

/**
 * Viewers in a process of their own that receive and decrypt, and decode nothing. Answers over the process's channel:
 * {n, op, id, sdp} in, {n, sdp} or {n, bytes, receiving} out.
 */
interface Viewer {
  connection: PeerConnection;
  /** Held: the library lets go of a track that nobody holds. */
  tracks: Track[];
  bytes: number;
}

export type ViewerRequest =
  | { n: number; op: 'answer'; id: string; sdp: string }
  | { n: number; op: 'count' }
  | { n: number; op: 'close' };
export interface ViewerAnswer {
  n: number;
  sdp?: string;
  /** Received since the last count, of all viewers. */
  bytes?: number;
  /** How many have received something since then. */
  receiving?: number;
  problem?: string;
}

initLogger('Error', (level, message) => process.stderr.write(`${level}: ${message}\n`));
const address = process.env['VIEWER_ADDRESS'] ?? '127.0.0.1';
const viewers = new Map<string, Viewer>();

async function answer(id: string, sdp: string): Promise<string> {
  const connection = new PeerConnection(id, { iceServers: [], bindAddress: address });
  const viewer: Viewer = { connection, tracks: [], bytes: 0 };
  viewers.set(id, viewer);
  connection.onTrack((track) => {
    viewer.tracks.push(track);
    track.setMediaHandler(new RtcpReceivingSession());
    track.onMessage((packet) => {
      viewer.bytes += packet.length;
    });
  });
  const gathered = new Promise<void>((resolve) => {
    connection.onGatheringStateChange((state) => {
      if (state === 'complete') resolve();
    });
  });
  connection.setRemoteDescription(sdp, 'offer');
  await gathered;
  return connection.localDescription()?.sdp ?? '';
}

function count(): Pick<ViewerAnswer, 'bytes' | 'receiving'> {
  const all = [...viewers.values()];
  const bytes = all.reduce((sum, viewer) => sum + viewer.bytes, 0);
  const receiving = all.filter((viewer) => viewer.bytes > 0).length;
  for (const viewer of all) viewer.bytes = 0;
  return { bytes, receiving };
}

async function act(request: ViewerRequest): Promise<Omit<ViewerAnswer, 'n'>> {
  if (request.op === 'answer') return { sdp: await answer(request.id, request.sdp) };
  if (request.op === 'count') return count();
  for (const { connection } of viewers.values()) connection.close();
  viewers.clear();
  return {};
}

process.on('message', (request: ViewerRequest) => {
  act(request).then(
    (done) => process.send?.({ n: request.n, ...done }),
    (problem: unknown) => process.send?.({ n: request.n, problem: String(problem) }),
  );
});
process.on('disconnect', () => process.exit(0));
