import type { Alert, CameraTile } from '@mingjing/contracts';
import type { RouteLocationRaw } from 'vue-router';

/** What led to it is seen as well. */
const BEFORE_MS = 10_000;
/** As many cameras as a counter may have and a page plays side by side. */
const MOST = 4;

/**
 * Where the moment of an alert is replayed: on its case, with screen and camera; else by the cameras of its counter.
 * @returns null when there is nothing to replay
 */
export function replayOf(alert: Alert, cameras: readonly CameraTile[]): RouteLocationRaw | null {
  const at = String(Math.trunc(alert.at - BEFORE_MS));
  if (alert.caseId !== null) return { name: 'case', params: { caseId: alert.caseId }, query: { at } };
  if (alert.counter === null) return null;
  const there = cameras.filter(({ region, counter }) => region === alert.region && counter === alert.counter);
  if (there.length === 0) return null;
  const ids = there.slice(0, MOST).map(({ id }) => id);
  return { path: '/playback', query: { cameras: ids.join(','), at } };
}
