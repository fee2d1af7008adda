import type { CameraTile, RecordedExtent, ScreenTile } from '@mingjing/contracts';
import { MINUTE_MS } from '../../playback/timelineView.ts';

/** A camera or a counter screen, as something that can be played. */
export interface Playable {
  /** Both kinds in one list: their ids may be alike. */
  key: string;
  kind: 'camera' | 'screen';
  id: string;
  name: string;
  region: string;
  regionName: string;
  hall: string | null;
  /** From when (of a screen that is not known) to when there are recordings of it; null where there are none, undefined while that is not known. */
  recorded: { from: number | null; to: number } | null | undefined;
}

export const keyOf = (kind: Playable['kind'], id: string): string => `${kind} ${id}`;

/** The ids of one kind among keys, in their order. */
export function idsOf(kind: Playable['kind'], keys: readonly string[]): string[] {
  const prefix = `${kind} `;
  return keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
}

/** What can be played, cameras first. @param extents null while they are not known */
export function playablesOf(
  cameras: readonly CameraTile[],
  screens: readonly ScreenTile[],
  extents: readonly RecordedExtent[] | null,
): Playable[] {
  const byCamera = new Map(extents?.map((extent) => [extent.camera, extent]));
  return [
    ...cameras.map(({ id, name, region, regionName, hall }) => ({
      ...{ key: keyOf('camera', id), kind: 'camera' as const, id, name, region, regionName, hall },
      recorded: extents === null ? undefined : (byCamera.get(id) ?? null),
    })),
    ...screens.map(({ id, name, region, regionName, hall, sha256, seenAt }) => ({
      ...{ key: keyOf('screen', id), kind: 'screen' as const, id, name, region, regionName, hall },
      recorded: sha256 === null || seenAt === null ? null : { from: null, to: seenAt },
    })),
  ];
}

/** So many are chosen where nobody has chosen yet. */
const MOST_BY_ITSELF = 4;

export interface Choice {
  keys: string[];
  /** Where it comes from: the address, what this person played last, or what was recorded last. */
  why: 'asked' | 'last' | 'recent';
}

/**
 * What is played when nothing was asked for: what this person played last, where there is something of it; else the
 * cameras that were recorded last.
 */
export function startingChoice(playables: readonly Playable[], last: readonly string[]): Choice {
  const there = playables.filter(({ recorded }) => recorded);
  const again = last.filter((key) => there.some((held) => held.key === key));
  if (again.length > 0) return { keys: again, why: 'last' };
  const recent = there
    .filter(({ kind }) => kind === 'camera')
    .toSorted((one, other) => (other.recorded?.to ?? 0) - (one.recorded?.to ?? 0));
  return { keys: recent.slice(0, MOST_BY_ITSELF).map(({ key }) => key), why: 'recent' };
}

/** The last seconds of what was recorded are worth seeing. In ms. */
const BEFORE_END_MS = 15_000;

/** Where the clock stands when no instant was asked for: a minute ago, or earlier, where something was recorded. */
export function startingInstant(chosen: readonly Playable[], now: number): number {
  const ago = now - MINUTE_MS;
  const [latest] = chosen
    .flatMap(({ recorded }) => recorded ?? [])
    .toSorted((one, other) => other.to - one.to);
  if (!latest) return ago;
  const at = Math.min(ago, latest.to - BEFORE_END_MS);
  return Math.max(at, latest.from ?? at);
}
