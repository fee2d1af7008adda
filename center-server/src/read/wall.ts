import { regionPrefix, type CaseTick, type Region, type WallSnapshot } from '@mingjing/contracts';
import type { Viewer } from '../auth/viewer.ts';
import { maySee } from '../auth/viewer.ts';
import type { Directory } from '../directory.ts';
import { ProblemError } from '../http/problems.ts';
import type { Queryable } from '../store/database.ts';
import { standingAlerts } from './alerts.ts';
import { figuresOf, regionFigures } from './figures.ts';
import { cameraTiles, screenTiles, sourceStates } from './tiles.ts';

export interface WallDeps {
  db: Queryable;
  directory: Directory;
  now: () => number;
}

const ALERTS = 200;
const RECENT = 12;

/** The scope a viewer asks for. @throws ProblemError forbidden, or not-found for a region nobody knows */
export function scopeOf(directory: Directory, viewer: Viewer, asked: string): Region {
  if (!maySee(viewer, asked))
    throw new ProblemError('forbidden', `region ${asked} lies outside ${viewer.region}`);
  const region = directory.region(asked);
  if (!region) throw new ProblemError('not-found', `there is no region ${asked}`);
  return region;
}

/** A tick that knows its department and its matter by their ids. */
type UnnamedTick = Omit<CaseTick, 'regionName' | 'departmentEn' | 'matterName' | 'matterNameEn'> & {
  matter: string | null;
};

/** The cases that moved last in a subtree. */
async function recentCases(deps: WallDeps, pattern: string): Promise<CaseTick[]> {
  const found = await deps.db.query<UnnamedTick>(
    `SELECT case_id AS "caseId", case_no AS "caseNo", region, department, matter, status, stage,
            'case.' || status AS kind, (extract(epoch FROM updated_at) * 1000)::float8 AS at
     FROM case_state WHERE region LIKE $1 ORDER BY updated_seq DESC LIMIT $2`,
    [pattern, RECENT],
  );
  return found.rows.map((row) => nameTick(deps.directory, row));
}

/** Adds the names that a tick is shown with. */
export function nameTick(directory: Directory, { matter: id, ...tick }: UnnamedTick): CaseTick {
  const department = directory.department(tick.department);
  const matter = directory.matter(id);
  return {
    ...tick,
    regionName: directory.region(tick.region)?.name ?? tick.region,
    department: department?.name ?? tick.department,
    departmentEn: department?.nameEn ?? tick.department,
    matterName: matter?.name ?? id,
    matterNameEn: matter?.nameEn ?? id,
  };
}

/** Everything a wall of one scope shows, read at once. @throws ProblemError as scopeOf */
export async function wallSnapshot(deps: WallDeps, viewer: Viewer, asked: string): Promise<WallSnapshot> {
  const scope = scopeOf(deps.directory, viewer, asked);
  const pattern = `${regionPrefix(scope.code)}%`;
  const children = deps.directory.childrenOf(scope.code);
  const [cameras, screens, sources, alerts, figures, regions, recent] = await Promise.all([
    cameraTiles(deps.db, pattern),
    screenTiles(deps.db, pattern),
    sourceStates(deps.db, pattern),
    standingAlerts(deps.db, pattern, ALERTS),
    figuresOf(deps.db, scope, deps.now()),
    regionFigures(deps.db, scope, children, deps.now()),
    recentCases(deps, pattern),
  ]);
  return { scope, children, cameras, screens, sources, alerts, figures, regions, recent };
}
