import { z } from 'zod';
import type { PtzCommand, PtzPresets } from './ptz.ts';
import { regionCodeSchema } from './region.ts';
import { identifierSchema, isStorableText, nameSchema } from './text.ts';

/** An address or path: one line that a command and a store can carry. */
const placeSchema = z
  .string()
  .min(1)
  .max(2000)
  .refine(isStorableText, 'holds a NUL or half a surrogate pair')
  .refine((text) => !/\p{Cc}/u.test(text), 'holds a control character');

/** What who pushes a camera's stream names: at least 128 bits that nobody guesses, as 22 or more characters of base64url. */
const streamKeySchema = z.string().regex(/^[\w-]{22,256}$/, 'expected 22 letters, digits, - or _ at least');

/** How the media host reaches a camera. Held by the centre; handed only to the media host. */
export const cameraSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('rtsp'),
    url: placeSchema.regex(/^rtsps?:\/\//, 'expected rtsp://…'),
    /** `auto`: TCP, then UDP when the camera refuses it. */
    transport: z.enum(['auto', 'tcp', 'udp']).optional(),
  }),
  z.strictObject({ kind: z.literal('file'), path: placeSchema }),
  /** A moving picture with a burnt-in clock and the counter's name, made by ffmpeg. */
  z.strictObject({
    kind: z.literal('generated'),
    label: z.string().max(100).refine(isStorableText, 'holds a NUL or half a surrogate pair'),
    pattern: z.int().min(0).max(9),
  }),
  /** The camera, or an encoder beside it, calls the media host and sends its picture. */
  z.strictObject({
    kind: z.literal('push'),
    protocol: z.enum(['rtmp', 'whip']),
    /** Kept encrypted; the media host reads it, nobody else does. Made by the centre where it is absent. */
    key: streamKeySchema.optional(),
  }),
]);
export type CameraSource = z.infer<typeof cameraSourceSchema>;

/** Signs in at the camera (RTSP digest, ONVIF). Kept encrypted; handed only to the media host. */
export const cameraCredentialsSchema = z.strictObject({
  username: placeSchema.max(200),
  password: placeSchema.max(200),
});
export type CameraCredentials = z.infer<typeof cameraCredentialsSchema>;

/** What is recorded of a camera's main stream, and for how long it is kept. */
export const recordingPlanSchema = z.strictObject({
  /** `hours`: while the hall is open; `alert`: around the alerts of its counter or hall. */
  mode: z.enum(['off', 'continuous', 'hours', 'alert']),
  /** Around an alert, in seconds. */
  beforeSeconds: z.int().min(0).max(600).default(30),
  afterSeconds: z.int().min(0).max(3600).default(60),
  /** Older or further recordings are deleted, the oldest first; evidence never. */
  keepDays: z.int().min(1).max(3650).default(30),
  keepBytes: z.int().positive().nullable().default(null),
});
export type RecordingPlan = z.infer<typeof recordingPlanSchema>;

/** Which of a camera's streams: the whole picture, or the small one for small tiles. */
export const qualitySchema = z.enum(['main', 'sub']);
export type Quality = z.infer<typeof qualitySchema>;

export const cameraSchema = z.object({
  id: identifierSchema,
  name: nameSchema,
  region: regionCodeSchema,
  hall: nameSchema.nullable(),
  counter: nameSchema.nullable(),
  source: cameraSourceSchema,
  /** The camera's small stream; small tiles and cameras whose main stream a browser cannot decode use it. */
  sub: cameraSourceSchema.nullable().optional(),
  credentials: cameraCredentialsSchema.nullable().optional(),
  /** Its ONVIF device service, when it has one: PTZ, events, synchronisation points. */
  onvif: z
    .url({ protocol: /^https?$/, error: 'expected http(s)://…' })
    .max(2000)
    .nullable()
    .optional(),
  recording: recordingPlanSchema.nullable().optional(),
});
export type Camera = z.infer<typeof cameraSchema>;

/** A camera as an administrator adds it. */
export const newCameraSchema = z.strictObject(cameraSchema.shape);

/** Where and with what right a browser may watch: GET /api/media/ticket. */
export interface MediaTicket {
  /** The media host's own address, for socket.io. */
  url: string;
  /** Signed by the centre; names the user, the region and when it ends. */
  ticket: string;
  expiresAt: number;
}

/** The name of a sign-in's session, never its token: 64 hex digits. */
const sessionNameSchema = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits');

/** What a ticket says: base64url(JSON) "." base64url(HMAC-SHA256). Times in ms since the epoch. */
export const ticketClaimsSchema = z.strictObject({
  user: z.string(),
  region: regionCodeSchema,
  /** Of whoever was given the ticket; when it ends, so does the right to watch. */
  session: sessionNameSchema,
  expiresAt: z.int(),
  /** What it allows besides watching: `ptz` to steer cameras; `cameras` is between the servers alone, to try them out. */
  may: z.array(z.enum(['ptz', 'cameras'])).optional(),
});
export type TicketClaims = z.infer<typeof ticketClaimsSchema>;

/** POST /api/service/sessions/check: the sessions of those who watch, asked about by the media host every few seconds. */
export const sessionCheckSchema = z.strictObject({ sessions: z.array(sessionNameSchema).min(1).max(1000) });
/** Which of them are no more. */
export const sessionCheckAnswerSchema = z.object({ ended: z.array(z.string()) });

/** A camera's stream as the media host sees it: GET /streams of the media host. */
export interface StreamStatus {
  camera: string;
  region: string;
  quality?: Quality;
  state: 'idle' | 'connecting' | 'live' | 'frozen' | 'retrying' | 'failed';
  mode: 'copy' | 'transcode' | null;
  /** A browser cannot decode the main stream: the camera's small one is shown in its place. */
  via?: 'sub';
  codec: string | null;
  width: number | null;
  height: number | null;
  since: number;
  attempt: number;
  retryAt: number | null;
  reason: string | null;
  viewers: number;
  /** How many recordings it is made for. */
  recorders: number;
}

/** Opaque to everyone but mediasoup and mediasoup-client, which define these shapes. */
type Opaque = Record<string, unknown>;

export type Answer<T> = { ok: true; value: T } | { ok: false; reason: string };

/** What mediasoup-client needs to receive a picture. */
export interface ConsumerOffer {
  consumerId: string;
  producerId: string;
  kind: 'video';
  rtpParameters: Opaque;
}

/** A STUN or TURN server, as RTCPeerConnection takes it. */
export interface IceServer {
  urls: string[];
  username?: string;
  credential?: string;
}

/** How a media host is reached. */
export interface MediaHello {
  rtpCapabilities: Opaque;
  /** Servers by which it is reached where it is not directly; none by default. */
  iceServers?: IceServer[];
  /** Everything goes through them. */
  relayOnly?: boolean;
}

export interface MediaClientEvents {
  /** The first thing a client says. Answers with the router's capabilities, and by which servers it is reached. */
  hello: (request: { ticket: string }, answer: (answer: Answer<MediaHello>) => void) => void;
  /** A newer ticket, before the old one ends. */
  renew: (request: { ticket: string }, answer: (answer: Answer<null>) => void) => void;
  createTransport: (
    request: Record<string, never>,
    answer: (
      answer: Answer<{ id: string; iceParameters: Opaque; iceCandidates: Opaque[]; dtlsParameters: Opaque }>,
    ) => void,
  ) => void;
  connectTransport: (
    request: { transportId: string; dtlsParameters: Opaque },
    answer: (answer: Answer<null>) => void,
  ) => void;
  /** Lets go of a transport, and of every picture that it carries. */
  closeTransport: (request: { transportId: string }, answer: (answer: Answer<null>) => void) => void;
  /**
   * Watches a camera: starts it if it sleeps. The consumer comes paused. Refused with the reason when
   * there is no picture now; the source is tried on, and `stream` events tell when to watch again.
   * `warm` is a second picture for a late joiner: the last group of pictures at once, then what follows;
   * it is shown until the first frame of the other, and then let go. `quality` says which stream it is: the main
   * one too where the camera has no small one.
   */
  watch: (
    request: { camera: string; quality?: Quality; transportId: string; rtpCapabilities: Opaque },
    answer: (answer: Answer<ConsumerOffer & { quality: Quality; warm?: ConsumerOffer }>) => void,
  ) => void;
  /**
   * Watches a camera where WebRTC does not pass: its film comes as `filmInit` and `filmFragment` events of this
   * connection, from the last key frame on, until it is unwatched. The client gives the film its name, as the first
   * pieces come before the answer. A source that fails is tried on as with `watch`.
   */
  film: (
    request: { film: string; camera: string; quality?: Quality },
    answer: (answer: Answer<{ quality: Quality }>) => void,
  ) => void;
  resume: (request: { consumerId: string }, answer: (answer: Answer<null>) => void) => void;
  /** A hidden tile: no packets are sent until it is resumed. */
  pause: (request: { consumerId: string }, answer: (answer: Answer<null>) => void) => void;
  /** Lets go of one picture, or of a camera whose picture did not come (yet). */
  unwatch: (
    request: { consumerId: string } | { camera: string } | { film: string },
    answer: (answer: Answer<null>) => void,
  ) => void;
  /** Steers a camera; refused with whoever does already. The ticket must allow it. */
  ptz: (request: { camera: string; command: PtzCommand }, answer: (answer: Answer<null>) => void) => void;
  /** What a camera can do, its presets, and who steers it; `ptz` events tell of that from now on. */
  presets: (request: { camera: string }, answer: (answer: Answer<PtzPresets>) => void) => void;
}

export interface MediaServerEvents {
  /** Who steers a camera that the client asked about; null: nobody. */
  ptz: (event: { camera: string; holder: string | null }) => void;
  /** A stream the client watches changed its state. */
  stream: (status: StreamStatus) => void;
  /** The source ended or was replaced: the client watches again. For a film, `consumerId` is its name. */
  gone: (event: { consumerId: string; camera: string }) => void;
  /** The head of a film; what follows belongs to it. Comes again whenever the source began anew. */
  filmInit: (event: { film: string; mimeType: string; bytes: Uint8Array }) => void;
  /** A piece of a film. Pieces are left out, up to the next key frame, while too many were not acknowledged. */
  filmFragment: (event: FilmFragment, taken: () => void) => void;
}

/** A fraction of a second of a film, as fragmented MP4 (moof and mdat). */
export interface FilmFragment {
  film: string;
  bytes: Uint8Array;
  keyframe: boolean;
  /** The decode time of its first frame inside the film, and its length, in seconds. */
  mediaTime: number;
  duration: number;
  /** The wall-clock time of its first frame, in ms since the epoch. */
  wallTime: number;
}
