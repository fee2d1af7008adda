import { io, type Socket } from 'socket.io-client';
import type { Answer } from '@mingjing/contracts';
import type { RunningProcess } from '../../helpers/processes.ts';
import { childrenOf } from './cpu.ts';
import type { Offer, VideoServer } from './server.ts';

/** What is read of mediasoup's parameters; they hold more. */
interface Transport {
  id: string;
  iceParameters: { usernameFragment: string; password: string };
  iceCandidates: {
    foundation: string;
    protocol: string;
    priority: number;
    address?: string;
    ip: string;
    port: number;
    type: string;
  }[];
  dtlsParameters: { fingerprints: { algorithm: string; value: string }[] };
}
interface Watch {
  consumerId: string;
  rtpParameters: {
    mid: string;
    codecs: { payloadType: number; parameters: Record<string, unknown> }[];
    headerExtensions: { id: number; uri: string }[];
    encodings: { ssrc: number }[];
    rtcp: { cname: string };
  };
}
interface Capabilities {
  codecs: { mimeType: string; rtcpFeedback: { type: string }[] }[];
  headerExtensions: { uri: string }[];
}

/** What both servers offer: no retransmission stream, no transport-wide feedback. */
function plain({ codecs, headerExtensions }: Capabilities): Capabilities {
  return {
    codecs: codecs
      .filter(({ mimeType }) => mimeType === 'video/H264')
      .map((codec) => ({
        ...codec,
        rtcpFeedback: codec.rtcpFeedback.filter(({ type }) => type !== 'transport-cc'),
      })),
    headerExtensions: headerExtensions.filter(({ uri }) => /sdes:mid$|abs-send-time$/.test(uri)),
  };
}

function offerSdp(
  { iceParameters, iceCandidates, dtlsParameters }: Transport,
  { rtpParameters }: Watch,
): string {
  const { mid, codecs, headerExtensions, encodings, rtcp } = rtpParameters;
  const [codec] = codecs;
  const sha256 = dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256');
  const type = codec?.payloadType;
  const format = Object.entries(codec?.parameters ?? {}).map(([key, value]) => `${key}=${String(value)}`);
  return [
    ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=ice-lite', `a=group:BUNDLE ${mid}`],
    `m=video ${iceCandidates[0]?.port} UDP/TLS/RTP/SAVPF ${type}`,
    ...['c=IN IP4 127.0.0.1', 'a=sendonly', `a=mid:${mid}`, 'a=rtcp-mux', 'a=rtcp-rsize'],
    `a=ice-ufrag:${iceParameters.usernameFragment}`,
    `a=ice-pwd:${iceParameters.password}`,
    ...iceCandidates
      .filter(({ protocol }) => protocol === 'udp')
      .map(
        (one) =>
          `a=candidate:${one.foundation} 1 ${one.protocol} ${one.priority} ${one.address ?? one.ip} ${one.port} typ ${one.type}`,
      ),
    ...['a=end-of-candidates', `a=fingerprint:${sha256?.algorithm} ${sha256?.value}`, 'a=setup:actpass'],
    ...[`a=rtpmap:${type} H264/90000`, `a=fmtp:${type} ${format.join(';')}`, `a=rtcp-fb:${type} nack`],
    `a=rtcp-fb:${type} nack pli`,
    ...headerExtensions.map(({ id, uri }) => `a=extmap:${id} ${uri}`),
    ...['a=msid:camera camera', `a=ssrc:${encodings[0]?.ssrc} cname:${rtcp.cname}`, ''],
  ].join('\r\n');
}

async function ask<T>(socket: Socket, event: string, request: unknown): Promise<T> {
  const answer = (await socket.emitWithAck(event, request)) as Answer<T>;
  if (!answer.ok) throw new Error(`${event}: ${answer.reason}`);
  return answer.value;
}

async function offerOf(url: string, ticket: string, camera: string): Promise<Offer> {
  const socket = io(url, { path: '/sfu', transports: ['websocket'], forceNew: true });
  const { rtpCapabilities } = await ask<{ rtpCapabilities: Capabilities }>(socket, 'hello', { ticket });
  const transport = await ask<Transport>(socket, 'createTransport', {});
  const watch = await ask<Watch>(socket, 'watch', {
    camera,
    transportId: transport.id,
    rtpCapabilities: plain(rtpCapabilities),
  });
  return {
    sdp: offerSdp(transport, watch),
    async answer(sdp) {
      const [, algorithm = '', value = ''] = /a=fingerprint:(\S+) (\S+)/.exec(sdp) ?? [];
      const role = /a=setup:passive/.test(sdp) ? 'server' : 'client';
      const dtlsParameters = { role, fingerprints: [{ algorithm: algorithm.toLowerCase(), value }] };
      await ask(socket, 'connectTransport', { transportId: transport.id, dtlsParameters });
      await ask(socket, 'resume', { consumerId: watch.consumerId });
    },
    async close() {
      socket.disconnect();
      await Promise.resolve();
    },
  };
}

/** Our media host; its ffmpegs are not counted, as the peer's source is not. */
export function ourServer(media: RunningProcess, ticket: string, camera: string): VideoServer {
  return {
    name: 'mingjing',
    pids: () => [
      media.pid,
      ...childrenOf(media.pid)
        .filter(({ name }) => name !== 'ffmpeg')
        .map(({ pid }) => pid),
    ],
    offer: () => offerOf(media.url, ticket, camera),
    stop: () => Promise.resolve(),
  };
}
