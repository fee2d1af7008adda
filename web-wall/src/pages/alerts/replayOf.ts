import type { Alert, CameraTile } from '@mingjing/contracts';
import type { RouteLocationRaw } from 'vue-router';

/** What led to it is seen as well. */
const BEFORE_MS = 10_000;
/** As many cameras as a counter may have and a page plays side by side. */
const MOST = 4;

/** The camera that an alert is about comes first, then the others of its counter. */
function camerasOf({ camera, counter, region }: Alert, cameras: readonly CameraTile[]): string[] {
  const there = cameras.filter((one) => counter !== null && one.region === region && one.counter === counter);
  return [...new Set([...(camera ? [camera] : []), ...there.map(({ id }) => id)])].slice(0, MOST);
}

/**
 * Where the moment of an alert is replayed: on its case, with screen and camera; else by its camera and those of its
 * counter.
 * @returns null when there is nothing to replay
 */
export function replayOf(alert: Alert, cameras: readonly CameraTile[]): RouteLocationRaw | null {
  const at = String(Math.trunc(alert.at - BEFORE_MS));
  if (alert.caseId !== null) return { name: 'case', params: { caseId: alert.caseId }, query: { at } };
  const ids = camerasOf(alert, cameras);
  if (ids.length === 0) return null;
  return { path: '/playback', query: { cameras: ids.join(','), at } };
}
