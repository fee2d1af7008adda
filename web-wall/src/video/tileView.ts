import type { CameraTile, StreamStatus } from '@mingjing/contracts';
import type { CarriedBy } from './picture.ts';

/** What this browser's player sees: nothing yet, frames, or none for a while. */
export interface PlayerView {
  phase: 'waiting' | 'playing' | 'stalled';
  /** When the phase began; for `stalled`, when the last frame came. Ms since the epoch. */
  since: number;
  /** Why no picture could be had, and when it is tried again. */
  reason: string | null;
  retryAt: number | null;
}

/** What a tile says of itself. */
export interface TileView {
  state: 'connecting' | 'live' | 'frozen' | 'off';
  since: number | null;
  attempt: number | null;
  retryAt: number | null;
  reason: string | null;
  transcoded: boolean;
  /** WebRTC does not pass: it is a film, some half a second later. */
  fallback: boolean;
  /** What broke, where it is off: the camera, or the way from the media host to this browser. */
  fault: 'camera' | 'link' | null;
}

type Source = Pick<CameraTile, 'state' | 'mode' | 'since' | 'attempt' | 'retryAt' | 'reason'>;

/**
 * Joins what is known of a camera. The media host's word comes before the centre's, which is later;
 * frames that arrive prove a live picture, unless the source is known to stand still; packets prove nothing.
 */
export function tileView(
  tile: Source,
  status: StreamStatus | null,
  player: PlayerView,
  carriedBy: CarriedBy = 'webrtc',
): TileView {
  const source: Source = status ?? tile;
  const base = {
    fault: null,
    attempt: null,
    retryAt: null,
    reason: null,
    transcoded: source.mode === 'transcode',
    fallback: carriedBy === 'film',
  };
  const broken = source.state === 'retrying' || source.state === 'failed';
  if (source.state === 'frozen') return { ...base, state: 'frozen', since: source.since };
  if (player.phase === 'playing') return { ...base, state: 'live', since: player.since };
  if (broken) {
    const { since, attempt, retryAt, reason } = source;
    return { ...base, state: 'off', fault: 'camera', since, attempt, retryAt, reason };
  }
  if (player.phase === 'stalled') return { ...base, state: 'frozen', since: player.since };
  if (player.reason !== null) {
    const { since, retryAt, reason } = player;
    return { ...base, state: 'off', fault: 'link', since, retryAt, reason };
  }
  return { ...base, state: 'connecting', since: player.since };
}
