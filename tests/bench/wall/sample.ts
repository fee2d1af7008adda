import { readdirSync, readFileSync } from 'node:fs';
import type { CDPSession } from 'puppeteer';
import { childrenOf } from '../video/cpu.ts';
import { heldBytes } from './inspector.ts';
import type { WallStand } from './stand.ts';

const MB = 1024 * 1024;

/** What is looked at, and by how much it may grow without meaning anything. */
export const LOOKED_AT = {
  'browser heap after collection': { unit: 'MB', tolerance: 1.5 },
  'DOM nodes': { unit: '', tolerance: 60 },
  'event listeners': { unit: '', tolerance: 30 },
  'peer connections': { unit: '', tolerance: 0.5 },
  'receivers of peer connections': { unit: '', tolerance: 8 },
  'viewers of streams': { unit: '', tolerance: 1 },
  'ffmpeg processes': { unit: '', tolerance: 1 },
  'media host: open files': { unit: '', tolerance: 8 },
  // Not what the system has given it: that follows when garbage was last collected.
  'media host: memory after collection': { unit: 'MB', tolerance: 4 },
  'mediasoup worker: memory': { unit: 'MB', tolerance: 8 },
  'centre: open files': { unit: '', tolerance: 8 },
  'centre: memory': { unit: 'MB', tolerance: 12 },
} as const;
export type Looked = keyof typeof LOOKED_AT;
export type Sample = Record<Looked, number>;

/** Counts what the page's peer connections hold; evaluated before any of the page's own scripts. */
export const COUNT_PEERS = `(() => {
  const Real = window.RTCPeerConnection;
  const all = (window.mingjingPeers = new Set());
  window.RTCPeerConnection = class extends Real {
    constructor(...given) { super(...given); all.add(this); }
    close() { all.delete(this); super.close(); }
  };
})()`;

const PEERS = `[window.mingjingPeers.size,
  [...window.mingjingPeers].reduce((sum, peer) => sum + peer.getReceivers().filter(({ track }) => track.readyState === 'live').length, 0)]`;

function memoryOf(pid: number): number {
  const kb = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb ?? 0) / 1024;
}
function filesOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

async function viewers({ media, centre }: WallStand): Promise<number> {
  const headers = { authorization: `Bearer ${centre.tokens['media'] ?? ''}` };
  const answer = await fetch(`${media.url}/streams`, { headers });
  const streams = (await answer.json()) as { viewers: number }[];
  return streams.reduce((sum, stream) => sum + stream.viewers, 0);
}

/** Everything once, after the browser collected its garbage. */
export async function takeSample(stand: WallStand, devtools: CDPSession): Promise<Sample> {
  await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const metric = (name: string): number => metrics.find((one) => one.name === name)?.value ?? 0;
  const [peers = 0, receivers = 0] = (await stand.wall.page.evaluate(PEERS)) as number[];
  const children = childrenOf(stand.media.pid);
  const workers = children.filter(({ name }) => name.startsWith('mediasoup'));
  return {
    'browser heap after collection': metric('JSHeapUsedSize') / MB,
    'DOM nodes': metric('Nodes'),
    'event listeners': metric('JSEventListeners'),
    'peer connections': peers,
    'receivers of peer connections': receivers,
    'viewers of streams': await viewers(stand),
    'ffmpeg processes': children.filter(({ name }) => name === 'ffmpeg').length,
    'media host: open files': filesOf(stand.media.pid),
    'media host: memory after collection': (await heldBytes(stand.inspector)) / MB,
    'mediasoup worker: memory': workers.reduce((sum, { pid }) => sum + memoryOf(pid), 0),
    'centre: open files': filesOf(stand.centre.centre.pid),
    'centre: memory': memoryOf(stand.centre.centre.pid),
  };
}
