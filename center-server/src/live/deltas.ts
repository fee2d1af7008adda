import type { Delta } from '@mingjing/contracts';
import type { Directory } from '../directory.ts';
import type { Effects } from '../pipeline/effects.ts';
import { alertsById } from '../read/alerts.ts';
import { cameraTiles, screenTiles, sourceStates } from '../read/tiles.ts';
import { nameTick } from '../read/wall.ts';
import type { Queryable } from '../store/database.ts';

/** A delta and the region it is about. */
export interface PlacedDelta {
  region: string;
  delta: Delta;
}

/** More than this many cases in one flush is a flood (a back-fill): only the newest are told one by one. */
const MOST_TICKS = 60;

/** Adds one step's effects to those that wait. */
export function mergeEffects(waiting: Effects, fresh: Effects): Effects {
  const union = <T>(a: T[], b: T[]) => (b.length === 0 ? a : [...new Set([...a, ...b])]);
  return {
    alerts: union(waiting.alerts, fresh.alerts),
    cases: [...waiting.cases, ...fresh.cases].slice(-MOST_TICKS),
    cameras: union(waiting.cameras, fresh.cameras),
    screens: union(waiting.screens, fresh.screens),
    sources: union(waiting.sources, fresh.sources),
    figures: waiting.figures || fresh.figures,
  };
}

/** Reads what changed and makes the deltas that tell of it. Only what some open scope would show is read. */
export async function deltasOf(
  db: Queryable,
  directory: Directory,
  effects: Effects,
): Promise<PlacedDelta[]> {
  const everywhere = '%';
  const [alerts, cameras, screens, sources] = await Promise.all([
    effects.alerts.length === 0 ? [] : alertsById(db, effects.alerts),
    effects.cameras.length === 0 ? [] : cameraTiles(db, everywhere, effects.cameras),
    effects.screens.length === 0 ? [] : screenTiles(db, everywhere, effects.screens),
    effects.sources.length === 0 ? [] : sourceStates(db, everywhere, effects.sources),
  ]);
  return [
    ...alerts.map((alert) => ({ region: alert.region, delta: { type: 'alert' as const, alert } })),
    ...cameras.map((camera) => ({ region: camera.region, delta: { type: 'camera' as const, camera } })),
    ...screens.map((screen) => ({ region: screen.region, delta: { type: 'screen' as const, screen } })),
    ...sources.map((source) => ({ region: source.region, delta: { type: 'source' as const, source } })),
    ...effects.cases.map((moved) => {
      const tick = nameTick(directory, moved);
      return { region: moved.region, delta: { type: 'case' as const, tick } };
    }),
  ];
}
