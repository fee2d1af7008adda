import { createHash } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A camera that speaks ONVIF: device, media, PTZ and event services, and WS-Discovery, on free ports of 127.0.0.1. */
export interface OnvifCamera {
  /** Its device service. */
  address: string;
  /** Where it answers probes: "127.0.0.1:port". */
  discovery: string;
  /** Operations that it was asked for, with what was in them, in order. */
  asked: { operation: string; body: string }[];
  presets: Map<string, string>;
  /** It says something to whoever pulls. */
  say(topic: string, name: string, value: boolean): void;
  close(): Promise<void>;
}

interface OnvifOptions {
  /** The streams: rtsp://…, main and sub. They may name any host. */
  main: string;
  sub: string;
  username: string;
  password: string;
  /** What it says its own host is; clients must not believe it. */
  claimedHost?: string;
  /** Its media service is Media2 (profile T) alone. */
  onlyMedia2?: boolean;
  /** It stands still: it has no PTZ service. */
  fixed?: boolean;
}

const ENVELOPE = (body: string) =>
  `<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>${body}</s:Body></s:Envelope>`;
const FAULT = ENVELOPE(
  '<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized</s:Value></s:Subcode></s:Code>' +
    '<s:Reason><s:Text>Sender not Authorized</s:Text></s:Reason></s:Fault>',
);
const part = (body: string, name: string) =>
  new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([^<]*)<`).exec(body)?.[1] ?? '';

/** WS-UsernameToken: Base64(SHA-1(nonce + created + password)). */
function isSignedIn(body: string, { username, password }: OnvifOptions): boolean {
  const nonce = Buffer.from(part(body, 'Nonce'), 'base64');
  const digest = createHash('sha1')
    .update(nonce)
    .update(part(body, 'Created'))
    .update(password)
    .digest('base64');
  return part(body, 'Username') === username && part(body, 'Password') === digest;
}

const profile = (token: string, codec: string, [width, height]: [number, number]) =>
  `<trt:Profiles token="${token}"><tt:Name>${token}</tt:Name><tt:VideoEncoderConfiguration><tt:Encoding>${codec}</tt:Encoding>` +
  `<tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution></tt:VideoEncoderConfiguration>` +
  `<tt:PTZConfiguration token="p"/></trt:Profiles>`;

const profile2 = (token: string, codec: string, [width, height]: [number, number]) =>
  `<tr2:Profiles token="${token}"><tr2:Name>${token}</tr2:Name><tr2:Configurations><tr2:VideoEncoder token="e"><tt:Encoding>${codec}</tt:Encoding>` +
  `<tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution></tr2:VideoEncoder>` +
  `<tr2:PTZ token="p"/></tr2:Configurations></tr2:Profiles>`;

/** Every camera has one that no browser shows. */
const STREAMS: [token: string, codec: string, size: [number, number]][] = [
  ['hevc', 'H265', [3840, 2160]],
  ['main', 'H264', [1920, 1080]],
  ['sub', 'H264', [640, 360]],
];

class Simulator {
  readonly asked: OnvifCamera['asked'] = [];
  readonly presets = new Map([['1', '门口']]);
  readonly #options: OnvifOptions;
  readonly #news: string[] = [];
  #pulling: (() => void) | undefined;
  base = '';

  constructor(options: OnvifOptions) {
    this.#options = options;
  }

  say(topic: string, name: string, value: boolean): void {
    this.#news.push(
      `<wsnt:NotificationMessage><wsnt:Topic>tns1:${topic}</wsnt:Topic><wsnt:Message><tt:Message UtcTime="2026-11-24T00:00:00Z">` +
        `<tt:Source><tt:SimpleItem Name="VideoSource" Value="v1"/></tt:Source>` +
        `<tt:Data><tt:SimpleItem Name="${name}" Value="${value}"/></tt:Data></tt:Message></wsnt:Message></wsnt:NotificationMessage>`,
    );
    this.#pulling?.();
  }

  async answer(body: string, request: IncomingMessage): Promise<string | null> {
    const operation = /<(?:s:)?Body[^>]*><(?:\w+:)?(\w+)/.exec(body)?.[1] ?? '';
    this.asked.push({ operation, body: body.replace(/^.*<s:Body>/s, '') });
    if (operation === 'GetSystemDateAndTime') return this.#clock();
    if (!isSignedIn(body, this.#options)) return null;
    if (operation === 'PullMessages') await this.#wait(request);
    const inside = this.#inside(operation, body);
    return `<x:${operation}Response>${inside}</x:${operation}Response>`;
  }

  #clock(): string {
    const now = new Date();
    const time = `<tt:Hour>${now.getUTCHours()}</tt:Hour><tt:Minute>${now.getUTCMinutes()}</tt:Minute><tt:Second>${now.getUTCSeconds()}</tt:Second>`;
    const date = `<tt:Year>${now.getUTCFullYear()}</tt:Year><tt:Month>${now.getUTCMonth() + 1}</tt:Month><tt:Day>${now.getUTCDate()}</tt:Day>`;
    return `<x:GetSystemDateAndTimeResponse><x:SystemDateAndTime><tt:UTCDateTime><tt:Time>${time}</tt:Time><tt:Date>${date}</tt:Date></tt:UTCDateTime></x:SystemDateAndTime></x:GetSystemDateAndTimeResponse>`;
  }

  #claimed(url: string): string {
    const { claimedHost } = this.#options;
    return claimedHost === undefined ? url : url.replace('127.0.0.1', claimedHost);
  }

  #capabilities(at: (service: string) => string): string {
    const { onlyMedia2, fixed } = this.#options;
    const media = onlyMedia2 ? '' : `<tt:Media>${at('media')}</tt:Media>`;
    return media + (fixed ? '' : `<tt:PTZ>${at('ptz')}</tt:PTZ>`);
  }

  #inside(operation: string, body: string): string {
    const at = (service: string) => `<tt:XAddr>${this.#claimed(`${this.base}/${service}`)}</tt:XAddr>`;
    switch (operation) {
      case 'GetCapabilities':
        return `<x:Capabilities>${this.#capabilities(at)}<tt:Events>${at('events')}</tt:Events></x:Capabilities>`;
      case 'GetServices':
        return ['ver10/device', 'ver20/media']
          .map((name) => {
            const address = this.#claimed(`${this.base}/${name}`);
            return `<x:Service><x:Namespace>http://www.onvif.org/${name}/wsdl</x:Namespace><x:XAddr>${address}</x:XAddr></x:Service>`;
          })
          .join('');
      case 'GetDeviceInformation':
        return '<x:Manufacturer>Mingjing</x:Manufacturer><x:Model>Simulator &amp; Co</x:Model>';
      case 'GetProfiles':
        return STREAMS.map((stream) => (this.#options.onlyMedia2 ? profile2 : profile)(...stream)).join('');
      case 'GetStreamUri': {
        const wanted = part(body, 'ProfileToken') === 'sub' ? this.#options.sub : this.#options.main;
        const uri = this.#claimed(wanted);
        return this.#options.onlyMedia2
          ? `<x:Uri>${uri}</x:Uri>`
          : `<x:MediaUri><tt:Uri>${uri}</tt:Uri></x:MediaUri>`;
      }
      case 'GetNodes':
        return (
          '<x:PTZNode><tt:SupportedPTZSpaces><tt:ContinuousPanTiltVelocitySpace/></tt:SupportedPTZSpaces>' +
          '<tt:MaximumNumberOfPresets>8</tt:MaximumNumberOfPresets><tt:HomeSupported>true</tt:HomeSupported></x:PTZNode>'
        );
      case 'GetPresets':
        return [...this.presets]
          .map(([token, name]) => `<x:Preset token="${token}"><tt:Name>${name}</tt:Name></x:Preset>`)
          .join('');
      case 'SetPreset':
        this.presets.set(
          part(body, 'PresetToken') || String(this.presets.size + 1),
          part(body, 'PresetName'),
        );
        return '';
      case 'RemovePreset':
        this.presets.delete(part(body, 'PresetToken'));
        return '';
      case 'CreatePullPointSubscription':
        return `<x:SubscriptionReference><a:Address>${this.#claimed(`${this.base}/pull`)}</a:Address></x:SubscriptionReference>`;
      case 'PullMessages':
        return this.#news.splice(0).join('');
      default:
        return '';
    }
  }

  async #wait(request: IncomingMessage): Promise<void> {
    if (this.#news.length > 0) return;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#pulling = () => resolve(undefined);
    request.socket.once('close', () => resolve(undefined));
    await promise;
  }
}

async function reply(
  simulator: Simulator,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const answer = await simulator.answer(await text(request), request);
  response
    .writeHead(answer === null ? 400 : 200, { 'content-type': 'application/soap+xml' })
    .end(answer === null ? FAULT : ENVELOPE(answer));
}

async function answerProbes(address: string): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.on('message', (message, { port, address: to }) => {
    if (!message.includes('NetworkVideoTransmitter')) return;
    const scopes = `onvif://www.onvif.org/name/${encodeURIComponent('大厅 1')}`;
    const matches = `<d:ProbeMatches><d:ProbeMatch><d:Scopes>${scopes}</d:Scopes><d:XAddrs>http://10.0.0.99/onvif ${address}</d:XAddrs></d:ProbeMatch></d:ProbeMatches>`;
    socket.send(ENVELOPE(matches), port, to);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

/** Starts a camera that speaks ONVIF; its streams are those of a real RTSP server. */
export async function startOnvif(options: OnvifOptions): Promise<OnvifCamera> {
  const simulator = new Simulator(options);
  const server = createServer((request, response) => {
    reply(simulator, request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  simulator.base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/onvif`;
  const address = `${simulator.base}/device_service`;
  const socket = await answerProbes(address);
  return {
    ...{ address, discovery: `127.0.0.1:${socket.address().port}` },
    ...{ asked: simulator.asked, presets: simulator.presets },
    say: (topic, name, value) => simulator.say(topic, name, value),
    async close() {
      socket.close();
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}
