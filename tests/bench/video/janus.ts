import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../helpers/installation.ts';
import type { Offer, VideoServer } from './server.ts';

const LIBRARY = '/usr/lib/x86_64-linux-gnu/janus';
const UNUSED_PLUGINS = [
  'audiobridge',
  'duktape',
  'echotest',
  'lua',
  'nosip',
  'recordplay',
  'sip',
  'textroom',
];
const UNUSED_ROOMS = ['videocall', 'videoroom', 'voicemail'];
const UNUSED_TRANSPORTS = ['http', 'mqtt', 'nanomsg', 'pfunix', 'rabbitmq'];
const library = (names: string[]): string => names.map((name) => `libjanus_${name}.so`).join(',');

interface Message {
  transaction?: string;
  janus: string;
  error?: unknown;
  data?: { id: number };
  plugindata?: { data?: { error?: string } };
  jsep?: { sdp: string };
}

/** Janus speaks JSON over a WebSocket; each request's answer names its transaction. */
class JanusSession {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<
    string,
    { resolve: (message: Message) => void; reject: (error: Error) => void; ack: boolean }
  >();
  #last = 0;
  #id: number | undefined;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#take(JSON.parse(String(data)) as Message));
  }

  async open(): Promise<void> {
    this.#id = (await this.ask({ janus: 'create' })).data?.id;
  }

  ask(body: object, ack = false): Promise<Message> {
    this.#last += 1;
    const transaction = `t${this.#last}`;
    const session = this.#id === undefined ? {} : { session_id: this.#id };
    return new Promise((resolve, reject) => {
      this.#waiting.set(transaction, { resolve, reject, ack });
      this.#socket.send(JSON.stringify({ ...body, ...session, transaction }));
    });
  }

  async attach(): Promise<number> {
    const { data } = await this.ask({ janus: 'attach', plugin: 'janus.plugin.streaming' });
    if (!data) throw new Error('janus gave no handle');
    return data.id;
  }

  message(handle: number, body: object, jsep?: object): Promise<Message> {
    return this.ask({ janus: 'message', handle_id: handle, body, ...(jsep && { jsep }) });
  }

  #take(message: Message): void {
    const one = this.#waiting.get(message.transaction ?? '');
    // The event of a plugin comes after the mere word that it was taken.
    if (!one || (message.janus === 'ack' && !one.ack)) return;
    this.#waiting.delete(message.transaction ?? '');
    const problem = message.error ?? message.plugindata?.data?.error;
    if (problem === undefined) one.resolve(message);
    else one.reject(new Error(JSON.stringify(problem)));
  }
}

/** Takes retransmission and transport-wide feedback out of an offer, so that both servers do the same. */
function plain(sdp: string): string {
  const extra = new Set([...sdp.matchAll(/^a=ssrc-group:FID \d+ (\d+)/gm)].map(([, ssrc]) => ssrc));
  return sdp
    .replaceAll(/^(m=video .* \d+) 101\r\n/gm, '$1\r\n')
    .replaceAll(/^a=(rtpmap:101|fmtp:101|rtcp-fb:101|rtcp-fb:\d+ transport-cc|ssrc-group:FID).*\r\n/gm, '')
    .split('\r\n')
    .filter((line) => !extra.has(/^a=ssrc:(\d+) /.exec(line)?.[1]))
    .join('\r\n');
}

async function connect(url: string): Promise<WebSocket> {
  for (let attempt = 0; ; attempt += 1) {
    const socket = new WebSocket(url, 'janus-protocol');
    const opened = await new Promise<boolean>((resolve) => {
      socket.addEventListener('open', () => resolve(true));
      socket.addEventListener('error', () => resolve(false));
    });
    if (opened) return socket;
    if (attempt > 60) throw new Error('janus does not answer');
    await sleep(200);
  }
}

async function configure(folder: string, address: string, port: number): Promise<void> {
  const write = (name: string, text: string) => writeFile(path.join(folder, name), text);
  await write(
    'janus.jcfg',
    `general: { configs_folder = "${folder}"  plugins_folder = "${LIBRARY}/plugins"
       transports_folder = "${LIBRARY}/transports"  events_folder = "${LIBRARY}/events"
       loggers_folder = "${LIBRARY}/loggers"  debug_level = 2  admin_secret = "x"  session_timeout = 600 }
     nat: { ice_enforce_list = "${address}" }
     media: { ipv6 = false }
     plugins: { disable = "${library([...UNUSED_PLUGINS, ...UNUSED_ROOMS])}" }
     transports: { disable = "${library(UNUSED_TRANSPORTS)}" }\n`,
  );
  await write(
    'janus.transport.websockets.jcfg',
    `general: { json = "compact"  ws = true  ws_port = ${port}  ws_ip = "127.0.0.1"  wss = false }
     admin: { admin_ws = false }\n`,
  );
  await write('janus.plugin.streaming.jcfg', 'general: { }\n');
}

/** What the camera's packets are sent to. */
function mountOf(port: number): object {
  const media = {
    ...{ type: 'video', mid: 'v', label: 'camera', port, rtcpport: port + 1, iface: '127.0.0.1', pt: 100 },
    ...{ codec: 'h264', fmtp: 'packetization-mode=1;profile-level-id=42e01f;level-asymmetry-allowed=1' },
  };
  return { request: 'create', type: 'rtp', id: 1, name: 'camera', permanent: false, media: [media] };
}

/** The Janus gateway of Debian with its defaults, fed with the same camera. @param address where viewers reach it */
export async function startJanus(camera: string, address: string): Promise<VideoServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mingjing-janus-'));
  const [port, rtp] = [await freePort(), 21_000];
  await configure(folder, address, port);
  const janus = spawn('janus', ['-F', folder], { stdio: 'ignore' });
  const socket = await connect(`ws://127.0.0.1:${port}`);
  const session = new JanusSession(socket);
  await session.open();
  await session.message(await session.attach(), mountOf(rtp));
  const feed = spawn(
    'ffmpeg',
    [
      ...['-v', 'error', '-rtsp_transport', 'tcp', '-i', camera, '-an', '-c:v', 'copy'],
      ...['-bsf:v', 'dump_extra=freq=keyframe', '-payload_type', '100', '-f', 'rtp'],
      `rtp://127.0.0.1:${rtp}?rtcpport=${rtp + 1}&pkt_size=1200`,
    ],
    { stdio: 'ignore' },
  );
  return {
    name: 'janus 1.1.2',
    pids: () => [janus.pid ?? 0],
    async offer(): Promise<Offer> {
      const handle = await session.attach();
      const { jsep } = await session.message(handle, { request: 'watch', id: 1 });
      return {
        sdp: plain(jsep?.sdp ?? ''),
        async answer(sdp) {
          await session.message(handle, { request: 'start' }, { type: 'answer', sdp, trickle: false });
        },
        async close() {
          await session.ask({ janus: 'detach', handle_id: handle });
        },
      };
    },
    async stop() {
      feed.kill('SIGKILL');
      socket.close();
      janus.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
