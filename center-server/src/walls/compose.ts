import type { Grid, PatrolStep, TileContent, WallWindow, WindowState } from '@mingjing/contracts';
import type { Course } from './course.ts';

/** What stands in a wall's windows besides its course. */
export interface Arrangement {
  windows: readonly WallWindow[];
  layouts: ReadonlyMap<string, Grid>;
  steps: readonly PatrolStep[];
  /** Of the alert on show: what there is to show of it. */
  alert: { camera: string | null; screen: string | null; caseId: string | null } | null;
}

const one = (content: TileContent): Grid => ({
  columns: 1,
  rows: 1,
  tiles: [{ x: 0, y: 0, w: 1, h: 1, content }],
});

/** An even grid with room for all, as near to square as can be. */
function evenGrid(contents: readonly TileContent[]): Grid {
  const columns = Math.max(1, Math.ceil(Math.sqrt(contents.length)));
  const rows = Math.max(1, Math.ceil(contents.length / columns));
  const tiles = contents.map((content, at) => {
    return { x: at % columns, y: Math.floor(at / columns), w: 1, h: 1, content };
  });
  return { columns, rows, tiles };
}

/** What a wall shows that was told nothing. */
const DEFAULT_GRID = evenGrid(Array.from({ length: 9 }, () => ({ kind: 'next' as const })));

function ofStep({ show }: PatrolStep, off: readonly string[], layouts: Arrangement['layouts']): Grid {
  if (show.kind === 'layout') return layouts.get(show.layout) ?? DEFAULT_GRID;
  const there = show.cameras.filter((camera) => !off.includes(camera));
  const cameras = there.length > 0 ? there : show.cameras;
  return evenGrid(cameras.map((camera) => ({ kind: 'camera', camera })));
}

/** The counter's camera large, its screen and the case beside it; what is missing leaves its room to the others. */
function ofAlert({ camera, screen, caseId }: NonNullable<Arrangement['alert']>): Grid | null {
  const large: TileContent[] = camera === null ? [] : [{ kind: 'camera', camera }];
  const beside: TileContent[] = [
    ...(screen === null ? [] : [{ kind: 'screen' as const, screen }]),
    ...(caseId === null ? [] : [{ kind: 'case' as const, caseId }]),
  ];
  const [first] = large;
  if (!first) return beside.length > 0 ? evenGrid(beside) : null;
  if (beside.length === 0) return one(first);
  const height = 2 / beside.length;
  const tiles = beside.map((content, at) => ({ x: 2, y: at * height, w: 1, h: height, content }));
  return { columns: 3, rows: 2, tiles: [{ x: 0, y: 0, w: 2, h: 2, content: first }, ...tiles] };
}

/** Puts on what people sent to a window, the latest last. */
function withSent(grid: Grid, sent: Course['sent']): Grid {
  let result = grid;
  for (const { tile, content } of sent) {
    if (tile === null) result = one(content);
    else if (result.tiles[tile])
      result = { ...result, tiles: result.tiles.map((old, at) => (at === tile ? { ...old, content } : old)) };
  }
  return result;
}

/**
 * What each window of a wall shows. Windows that follow the patrol show consecutive steps; an alert takes the
 * first window, and what is sent after it came lies over it.
 */
export function compose(course: Course, arrangement: Arrangement): WindowState[] {
  const { windows, layouts, steps, alert } = arrangement;
  const alertGrid = course.alert && alert ? ofAlert(alert) : null;
  let following = 0;
  return windows.map(({ layout }, index): WindowState => {
    const sent = course.sent.filter(({ window }) => window === index + 1);
    const own = layout === null ? undefined : layouts.get(layout);
    const step = own || !course.patrol ? undefined : steps[(course.patrol.step + following++) % steps.length];
    const [source, grid] = own
      ? (['layout', own] as const)
      : step
        ? (['patrol', ofStep(step, course.patrol?.off ?? [], layouts)] as const)
        : (['default', DEFAULT_GRID] as const);
    if (index !== 0 || !alertGrid) return { source, grid: withSent(grid, sent) };
    const since = course.alert?.since ?? 0;
    return {
      source: 'alert',
      grid: withSent(
        alertGrid,
        sent.filter(({ at }) => at >= since),
      ),
    };
  });
}
