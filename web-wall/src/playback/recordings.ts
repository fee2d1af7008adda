import type {
  MediaTicket,
  RecordedSpan,
  RecordedSpans,
  ScreenFrame,
  Segment,
  Timeline,
} from '@mingjing/contracts';
import { call } from '../api/client.ts';
import { ApiError } from '../api/errors.ts';
import { TicketKeeper } from '../video/ticketKeeper.ts';
import { Blocks } from './blocks.ts';
import { PreviewPictures } from './previews.ts';

const MINUTE_MS = 60_000;
/** Segments of a few seconds: a hundred or two in a block. */
const SEGMENT_BLOCK_MS = 10 * MINUTE_MS;
const SCREEN_BLOCK_MS = 30 * MINUTE_MS;
const MOST_BLOCKS = 24;

/** Some cameras and counter screens, by their ids. */
export interface Eyes {
  cameras: readonly string[];
  screens: readonly string[];
}

/** Where recordings are told of and fetched from, with the right of whoever is signed in. */
export interface Recordings {
  /** @param changed told whenever more is known */
  segmentsOf: (camera: string, changed: () => void) => Blocks<Segment>;
  framesOf: (screen: string, changed: () => void) => Blocks<ScreenFrame>;
  /** The bytes of a segment; null when it is not kept any more. @throws Error when it cannot be fetched */
  film: (segment: Segment, signal: AbortSignal) => Promise<ArrayBuffer | null>;
  /** Small pictures for whoever points at a time line. */
  previews: PreviewPictures;
  spans: (
    cameras: readonly string[],
    from: number,
    to: number,
    signal: AbortSignal,
  ) => Promise<RecordedSpans[]>;
  screenSpans: (screen: string, from: number, to: number, signal: AbortSignal) => Promise<RecordedSpan[]>;
  /** What happened where cameras and screens look. */
  marks: (eyes: Eyes, from: number, to: number, signal: AbortSignal) => Promise<Timeline>;
  close: () => void;
}

/** The address of a picture that a screen showed. */
export function pictureAddress(screen: string, { sha256, at }: ScreenFrame): string {
  return `/api/screens/${encodeURIComponent(screen)}/image?sha256=${sha256}&at=${at}`;
}

async function fetchFilm(
  { url, ticket }: MediaTicket,
  { camera, startedAt }: Segment,
  signal: AbortSignal,
): Promise<ArrayBuffer | null> {
  const query = new URLSearchParams({ ticket });
  const address = `${url}/recording/${encodeURIComponent(camera)}/${startedAt}?${query.toString()}`;
  const response = await fetch(address, { signal });
  if (response.status === 404 || response.status === 410) return null;
  if (!response.ok) throw new ApiError('unavailable', `${response.status} of the media host`);
  return response.arrayBuffer();
}

/** @param region whose cameras may be played: the ticket's */
export function openRecordings(region: string): Recordings {
  const keeper = new TicketKeeper(
    () => call('GET /api/media/ticket', { query: { region } }),
    () => undefined,
  );
  const previews = new PreviewPictures();
  const now = (): number => Date.now();
  return {
    segmentsOf: (camera, changed) =>
      new Blocks<Segment>({
        ...{ blockMs: SEGMENT_BLOCK_MS, most: MOST_BLOCKS, now, changed },
        beginOf: ({ startedAt }) => startedAt,
        read: (from, to, signal) =>
          call('GET /api/recordings/segments', { query: { camera, from, to }, signal }),
      }),
    framesOf: (screen, changed) =>
      new Blocks<ScreenFrame>({
        ...{ blockMs: SCREEN_BLOCK_MS, most: MOST_BLOCKS, now, changed },
        beginOf: ({ at }) => at,
        read: async (from, to, signal) => {
          const query = { from, to };
          const route = 'GET /api/screens/:id/history';
          return (await call(route, { params: { id: screen }, query, signal })).frames;
        },
      }),
    film: async (segment, signal) => fetchFilm(await keeper.current(), segment, signal),
    previews,
    spans: (cameras, from, to, signal) =>
      call('GET /api/recordings/spans', { query: { cameras, from, to }, signal }),
    screenSpans: (screen, from, to, signal) =>
      call('GET /api/screens/:id/spans', { params: { id: screen }, query: { from, to }, signal }),
    marks: ({ cameras, screens }, from, to, signal) =>
      call('GET /api/timeline', { query: { cameras, screens, from, to }, signal }),
    close() {
      keeper.close();
      previews.close();
    },
  };
}
