import type { types } from 'mediasoup';

/** What every source sends: H.264. Main and High profile without B-frames play under this signal too. */
const H264 = {
  mimeType: 'video/H264',
  clockRate: 90_000,
  parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 },
} as const;

export const PAYLOAD_TYPE = 100;

export const ROUTER_CODECS: types.RouterRtpCodecCapability[] = [
  { kind: 'video', ...H264, preferredPayloadType: PAYLOAD_TYPE },
];

/** The packets that ffmpeg is asked to send. */
export function ingestRtpParameters(ssrc: number): types.RtpParameters {
  return {
    codecs: [{ ...H264, payloadType: PAYLOAD_TYPE, rtcpFeedback: [{ type: 'nack', parameter: 'pli' }] }],
    encodings: [{ ssrc }],
  };
}
