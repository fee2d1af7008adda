import { scopesOf, type Delta } from '@mingjing/contracts';
import type { Directory } from '../directory.ts';
import type { Effects, FormerPlace } from '../pipeline/effects.ts';
import { alertsById } from '../read/alerts.ts';
import { cameraTiles, screenTiles, sourceStates } from '../read/tiles.ts';
import { nameTick } from '../read/wall.ts';
import type { Queryable } from '../store/database.ts';

/** A delta and the scopes that it is about. */
export interface PlacedDelta {
  scopes: string[];
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
    former: [...waiting.former, ...fresh.former],
    figures: waiting.figures || fresh.figures,
  };
}

/** Tells the scopes in which something stood, and stands no more. @param tiles those that are in use now, by id */
function partings(
  former: readonly FormerPlace[],
  tiles: ReadonlyMap<string, { region: string }>,
): PlacedDelta[] {
  return former.map(({ kind, id, region }) => {
    const now = tiles.get(id);
    const still = now ? scopesOf(now.region) : [];
    const delta: Delta =
      kind === 'camera' ? { type: 'cameraGone', camera: id } : { type: 'screenGone', screen: id };
    return { scopes: scopesOf(region).filter((scope) => !still.includes(scope)), delta };
  });
}

const byId = <T extends { id: string }>(tiles: readonly T[]): Map<string, T> =>
  new Map(tiles.map((tile) => [tile.id, tile]));

/** Reads what changed and makes the deltas that tell of it. Only what some open scope would show is read. */
export async function deltasOf(
  db: Queryable,
  directory: Directory,
  effects: Effects,
): Promise<PlacedDelta[]> {
  const everywhere = '%';
  const formerly = (kind: FormerPlace['kind']) => effects.former.filter((former) => former.kind === kind);
  const wanted = (ids: string[], former: FormerPlace[]) => [
    ...new Set([...ids, ...former.map(({ id }) => id)]),
  ];
  const [formerCameras, formerScreens] = [formerly('camera'), formerly('screen')];
  const cameraIds = wanted(effects.cameras, formerCameras);
  const screenIds = wanted(effects.screens, formerScreens);
  const [alerts, cameras, screens, sources] = await Promise.all([
    effects.alerts.length === 0 ? [] : alertsById(db, effects.alerts),
    cameraIds.length === 0 ? [] : cameraTiles(db, everywhere, cameraIds),
    screenIds.length === 0 ? [] : screenTiles(db, everywhere, screenIds),
    effects.sources.length === 0 ? [] : sourceStates(db, everywhere, effects.sources),
  ]);
  const placed = ({ region }: { region: string }, delta: Delta): PlacedDelta => ({
    scopes: scopesOf(region),
    delta,
  });
  return [
    ...alerts.map((alert) => placed(alert, { type: 'alert', alert })),
    ...partings(formerCameras, byId(cameras)),
    ...partings(formerScreens, byId(screens)),
    ...cameras.map((camera) => placed(camera, { type: 'camera', camera })),
    ...screens.map((screen) => placed(screen, { type: 'screen', screen })),
    ...sources.map((source) => placed(source, { type: 'source', source })),
    ...effects.cases.map((moved) => placed(moved, { type: 'case', tick: nameTick(directory, moved) })),
  ];
}
