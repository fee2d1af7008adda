import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { DeltaBatch, JoinAnswer } from '@mingjing/contracts';
import { io, type Socket } from 'socket.io-client';
import { PROJECT_DIR } from '../../runtime/paths.ts';
import { startChild } from '../../runtime/process/child.ts';
import { openStand, post, type Stand } from '../stand.ts';
import { percentile, type Figure, type Suite } from '../suite.ts';

const WALLS = 50;
const RATE = 500;
const SECONDS = 15;
/** Events of one request; a request every BATCH/RATE seconds. */
const BATCH = 25;
const PASSWORD = 'bench-password-of-one-run';

/** When each message was sent, and how long each client waited for it, ms. */
class Stopwatch {
  readonly waits: number[] = [];
  readonly #sent = new Map<string, number>();

  send(id: string): void {
    this.#sent.set(id, performance.now());
  }

  arrive(id: string): void {
    const sent = this.#sent.get(id);
    if (sent !== undefined) this.waits.push(performance.now() - sent);
  }
}

async function addUser({ databaseUrl, region }: Stand): Promise<void> {
  const cli = path.join(PROJECT_DIR, 'center-server/src/cli/user.ts');
  const args = ['add', 'bench', '--name', 'bench', '--role', 'inspector', '--region', region];
  const child = promisify(execFile)(process.execPath, [cli, ...args], {
    env: { PATH: process.env['PATH'], MINGJING_DATABASE_URL: databaseUrl },
    cwd: PROJECT_DIR,
  });
  child.child.stdin?.end(`${PASSWORD}\n`);
  await child;
}

async function signIn({ centreUrl }: Stand): Promise<string> {
  const answer = await fetch(`${centreUrl}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'bench', password: PASSWORD }),
  });
  const cookie = answer.headers.getSetCookie()[0]?.split(';', 1)[0];
  if (cookie === undefined) throw new Error(`signing in answered ${answer.status}: ${await answer.text()}`);
  return cookie;
}

function connect(url: string, options: Parameters<typeof io>[1]): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = io(url, { transports: ['websocket'], forceNew: true, ...options });
    socket.once('connect', () => resolve(socket)).once('connect_error', reject);
  });
}

/** A wall: joins the scope and notes when each case that moved reaches it. */
async function openWall(stand: Stand, cookie: string, watch: Stopwatch): Promise<Socket> {
  const socket = await connect(stand.centreUrl, { path: '/live', extraHeaders: { cookie } });
  socket.on('deltas', (batch: DeltaBatch) => {
    for (const delta of batch.deltas) if (delta.type === 'case') watch.arrive(delta.tick.caseNo);
  });
  const answer = (await socket.emitWithAck('join', { region: stand.region })) as JoinAnswer;
  if (!answer.ok) throw new Error(`a wall could not join: ${answer.problem.title}`);
  return socket;
}

/** Calls `send` with the numbers of each batch at RATE messages a second; a late batch is sent at once. */
async function atRate(send: (from: number) => Promise<void>): Promise<void> {
  const started = performance.now();
  const under: Promise<void>[] = [];
  for (let from = 0; from < RATE * SECONDS; from += BATCH) {
    const due = started + (from / RATE) * 1000;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    under.push(send(from));
  }
  await Promise.all(under);
  // The last ones are still on their way.
  await new Promise((resolve) => setTimeout(resolve, 2000));
}

async function throughTheCentre(stand: Stand): Promise<number[]> {
  const watch = new Stopwatch();
  await addUser(stand);
  const cookie = await signIn(stand);
  const walls: Socket[] = [];
  for (let wall = 0; wall < WALLS; wall++) walls.push(await openWall(stand, cookie, watch));
  await atRate(async (from) => {
    const events = Array.from({ length: BATCH }, (_, index) => ({
      specversion: '1.0',
      id: `live-${from + index}`,
      source: 'bench',
      type: 'case.submitted',
      time: new Date().toISOString(),
      data: { region: stand.region, caseNo: `live-${from + index}`, department: '130681-housing' },
    }));
    for (const event of events) watch.send(event.id);
    await post(stand, JSON.stringify(events));
  });
  for (const wall of walls) wall.close();
  return watch.waits;
}

async function bare(): Promise<number[]> {
  const server = startChild({
    name: 'bare',
    command: process.execPath,
    args: [path.join(import.meta.dirname, '../bareBroadcast.ts')],
    cwd: PROJECT_DIR,
    env: { PATH: process.env['PATH'] },
  });
  try {
    const url = await server.listening;
    const watch = new Stopwatch();
    const clients: Socket[] = [];
    for (let client = 0; client < WALLS; client++) {
      const socket = await connect(url, {});
      socket.on('message', ({ id }: { id: string }) => watch.arrive(id));
      clients.push(socket);
    }
    const publisher = await connect(url, {});
    // About as large as a case that moved.
    const filling = 'x'.repeat(250);
    await atRate((from) => {
      for (let index = from; index < from + BATCH; index++) {
        watch.send(`bare-${index}`);
        publisher.emit('publish', { id: `bare-${index}`, filling });
      }
      return Promise.resolve();
    });
    for (const socket of [...clients, publisher]) socket.close();
    return watch.waits;
  } finally {
    await server.stop();
  }
}

function figures(ours: number[], peer: number[]): Figure[] {
  const share = ours.length / (RATE * SECONDS * WALLS);
  const rows = [0.5, 0.99].map((p): Figure => {
    const value = percentile(ours, p);
    const ratio = value / percentile(peer, p);
    const name = `event to wall, p${p * 100}, ${RATE} events/s, ${WALLS} walls`;
    return {
      suite: 'live',
      name,
      value,
      unit: 'ms',
      peer: 'bare socket.io broadcast',
      ratio,
      bar: null,
      pass: null,
    };
  });
  const told: Figure = {
    suite: 'live',
    name: 'share of events that reached every wall one by one',
    value: share,
    unit: '',
    peer: null,
    ratio: null,
    bar: null,
    pass: null,
  };
  return [...rows, told];
}

/** How long after an event was posted the walls show it, beside the least that socket.io can do. */
export const liveSuite: Suite = {
  name: 'live',
  about: 'event to wall latency',
  async run(log) {
    const stand = await openStand(log);
    try {
      log(`${WALLS} walls, ${RATE} events a second for ${SECONDS} s`);
      const ours = await throughTheCentre(stand);
      log('the same through a bare socket.io broadcast');
      return figures(ours, await bare());
    } finally {
      await stand.close();
    }
  },
};
