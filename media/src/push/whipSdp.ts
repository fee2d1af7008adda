import type { types } from 'mediasoup';
import { parse, write, type MediaDescription, type SessionDescription } from 'sdp-transform';

/** An offer that cannot be taken; the message says what was expected. */
export class OfferRefused extends Error {
  override name = 'OfferRefused';
}

/** What an encoder offers (RFC 9725, RFC 8829), as far as it is taken. */
export interface Offer {
  session: SessionDescription;
  /** The one section with pictures, and the payload type of its H.264. */
  video: MediaDescription;
  payload: number;
  dtls: types.DtlsParameters;
  rtp: types.RtpParameters;
}

const MID = 'urn:ietf:params:rtp-hdrext:sdes:mid';
const CONGESTION = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';
/** What mediasoup is told, whatever the profile: nothing of it is decoded there. */
const PARAMETERS = { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 };
const FEEDBACK = [
  { type: 'nack', parameter: '' },
  { type: 'nack', parameter: 'pli' },
  { type: 'ccm', parameter: 'fir' },
  { type: 'transport-cc', parameter: '' },
];

const fmtpOf = (video: MediaDescription, payload: number): string =>
  video.fmtp.find((one) => one.payload === payload)?.config ?? '';

/** H.264 in packetization mode 1; the plainest profile first, which has no B-frames. */
function payloadOf(video: MediaDescription): number | undefined {
  const offered = video.rtp
    .filter(({ codec, rate }) => codec.toUpperCase() === 'H264' && rate === 90_000)
    .map(({ payload }) => payload)
    .filter((payload) => fmtpOf(video, payload).includes('packetization-mode=1'));
  return offered.find((payload) => /profile-level-id=42e0/i.test(fmtpOf(video, payload))) ?? offered[0];
}

/** The extensions that are understood. */
const extensionsOf = (video: MediaDescription) =>
  (video.ext ?? []).filter(({ uri }) => uri === MID || uri === CONGESTION);

/** Reads an offer. @throws OfferRefused */
export function readOffer(sdp: string): Offer {
  const session = parse(sdp);
  const [video, ...more] = session.media.filter(({ type, port }) => type === 'video' && port !== 0);
  if (!video || more.length > 0) throw new OfferRefused('expected one section m=video');
  const payload = payloadOf(video);
  if (payload === undefined) throw new OfferRefused('expected H264/90000 with packetization-mode=1');
  const fingerprint = video.fingerprint ?? session.fingerprint;
  if (!fingerprint) throw new OfferRefused('expected a=fingerprint');
  if ((video.setup ?? session.setup) === 'passive')
    throw new OfferRefused('expected a=setup:actpass or active');
  if (video.direction === 'recvonly' || video.direction === 'inactive')
    throw new OfferRefused('expected a=sendonly');
  const mid = video.mid ?? '0';
  const ssrc = video.ssrcs?.[0]?.id;
  return {
    session,
    video,
    payload,
    // Ours is the passive side.
    dtls: {
      role: 'client',
      fingerprints: [{ algorithm: fingerprint.type as 'sha-256', value: fingerprint.hash }],
    },
    rtp: {
      mid,
      codecs: [
        {
          mimeType: 'video/H264',
          payloadType: payload,
          clockRate: 90_000,
          parameters: PARAMETERS,
          rtcpFeedback: FEEDBACK,
        },
      ],
      headerExtensions: extensionsOf(video).map(({ uri, value }) => ({
        uri: uri as types.RtpHeaderExtensionUri,
        id: value,
        encrypt: false,
        parameters: {},
      })),
      encodings: [ssrc === undefined ? {} : { ssrc: ssrc }],
      rtcp: { reducedSize: true },
    },
  };
}

/** The answer: the picture is taken, everything else in the offer is not sent. */
export function writeAnswer(
  { session, video, payload }: Offer,
  { iceParameters, iceCandidates, dtlsParameters }: types.WebRtcTransport,
): string {
  const [fingerprint] = dtlsParameters.fingerprints.filter(({ algorithm }) => algorithm === 'sha-256');
  if (!fingerprint) throw new Error('the transport has no sha-256 fingerprint');
  const candidates = iceCandidates.map(({ foundation, priority, address, port, protocol, tcpType }) => ({
    ...{ foundation, component: 1, transport: protocol, priority, ip: address, port, type: 'host' },
    ...(tcpType === undefined ? {} : { tcptype: tcpType }),
  }));
  const taken = {
    ...{ port: 9, protocol: 'UDP/TLS/RTP/SAVPF', connection: { version: 4, ip: '0.0.0.0' } },
    ...{ iceUfrag: iceParameters.usernameFragment, icePwd: iceParameters.password },
    ...{ candidates, endOfCandidates: 'end-of-candidates', setup: 'passive', rtcpMux: 'rtcp-mux' },
    fingerprint: { type: fingerprint.algorithm, hash: fingerprint.value },
  };
  const media = session.media.map((section) => {
    const isVideo = section === video;
    const payloads = isVideo ? [payload] : section.rtp.slice(0, 1).map((one) => one.payload);
    const config = fmtpOf(video, payload);
    return {
      ...taken,
      type: section.type,
      mid: section.mid,
      payloads: payloads.join(' '),
      direction: isVideo ? 'recvonly' : 'inactive',
      rtp: section.rtp.filter((one) => payloads.includes(one.payload)),
      fmtp: isVideo && config !== '' ? [{ payload, config }] : [],
      ...(isVideo
        ? {
            rtcpRsize: 'rtcp-rsize',
            rtcpFb: FEEDBACK.map(({ type, parameter }) => ({
              payload,
              type,
              ...(parameter && { subtype: parameter }),
            })),
            ext: extensionsOf(video).map(({ uri, value }) => ({ uri, value })),
          }
        : {}),
    };
  });
  return write({
    ...{ version: 0, name: '-', timing: { start: 0, stop: 0 }, icelite: 'ice-lite' },
    origin: { username: '-', sessionId: 1, sessionVersion: 1, netType: 'IN', ipVer: 4, address: '0.0.0.0' },
    groups: [{ type: 'BUNDLE', mids: session.media.map(({ mid }) => String(mid)).join(' ') }],
    media,
  } as unknown as SessionDescription);
}
