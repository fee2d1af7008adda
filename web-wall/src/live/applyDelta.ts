import type { Alert, CaseTick, Delta, WallSnapshot } from '@mingjing/contracts';

const MOST_ALERTS = 200;
const MOST_TICKS = 50;

function replaceById<T extends { id: string }>(list: readonly T[], item: T): T[] {
  const at = list.findIndex((held) => held.id === item.id);
  return at === -1 ? [...list, item] : list.with(at, item);
}

function withoutId<T extends { id: string }>(list: readonly T[], id: string): T[] {
  return list.filter((held) => held.id !== id);
}

/** Newest first, by when it was raised; the number settles a tie. */
function newestFirst(one: Alert, other: Alert): number {
  return other.raisedAt - one.raisedAt || other.id - one.id;
}

function withAlert(alerts: readonly Alert[], alert: Alert): Alert[] {
  const others = alerts.filter((held) => held.id !== alert.id);
  if (alert.state !== 'open' && alert.state !== 'acknowledged') return others;
  return [...others, alert].sort(newestFirst).slice(0, MOST_ALERTS);
}

function withTick(recent: readonly CaseTick[], tick: CaseTick): CaseTick[] {
  const same = (held: CaseTick): boolean =>
    held.caseId === tick.caseId && held.kind === tick.kind && held.at === tick.at;
  return [tick, ...recent.filter((held) => !same(held))].slice(0, MOST_TICKS);
}

/** A wall after one change. Pure: what did not change keeps its identity, so that nothing else is drawn again. */
export function applyDelta(wall: WallSnapshot, delta: Delta): WallSnapshot {
  switch (delta.type) {
    case 'alert':
      return { ...wall, alerts: withAlert(wall.alerts, delta.alert) };
    case 'camera':
      return { ...wall, cameras: replaceById(wall.cameras, delta.camera) };
    case 'screen':
      return { ...wall, screens: replaceById(wall.screens, delta.screen) };
    case 'cameraGone':
      return { ...wall, cameras: withoutId(wall.cameras, delta.camera) };
    case 'screenGone':
      return { ...wall, screens: withoutId(wall.screens, delta.screen) };
    case 'source':
      return { ...wall, sources: replaceById(wall.sources, delta.source) };
    case 'figures':
      return { ...wall, figures: delta.figures, regions: delta.regions };
    case 'case':
      return { ...wall, recent: withTick(wall.recent, delta.tick) };
  }
}

/** A wall after a batch of changes, and the open alerts that it did not hold before. */
export function applyBatch(
  wall: WallSnapshot,
  deltas: readonly Delta[],
): { wall: WallSnapshot; raised: Alert[] } {
  const held = new Set(wall.alerts.map(({ id }) => id));
  const raised = deltas.flatMap((delta) => (delta.type === 'alert' ? [delta.alert] : []));
  return {
    wall: deltas.reduce(applyDelta, wall),
    raised: raised.filter(({ id, state }) => state === 'open' && !held.has(id)),
  };
}
