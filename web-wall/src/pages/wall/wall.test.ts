import { describe, expect, test } from '@jest/globals';
import type { Alert, CameraTile, ScreenTile } from '@mingjing/contracts';
import { presetOf } from '../../layouts/presets.ts';
import { arrangeTiles, autoLayout, chooseGrid, chosenLayout, pageOf, tilesOfAlert } from './tiles.ts';
import { countKinds, listOrder, triage } from './triage.ts';

const alert = (id: number, kind: Alert['kind'], state: Alert['state'] = 'open'): Alert =>
  ({ id, kind, state, region: '130681', counter: 'zhuozhou-07' }) as Alert;
const camera = (id: string, counter: string | null = id): CameraTile =>
  ({ id, counter, region: '130681' }) as CameraTile;
const screen = (id: string, counter: string | null): ScreenTile =>
  ({ id, counter, region: '130681' }) as ScreenTile;

describe('triage', () => {
  const alerts = [
    alert(5, 'notice'),
    alert(4, 'yellow'),
    alert(3, 'red', 'acknowledged'),
    alert(2, 'red'),
    alert(1, 'red'),
  ];

  test('the newest of the gravest open alerts leads; acknowledged ones wait apart', () => {
    const { lead, waiting, acknowledged, bringsCamera } = triage(alerts, null);
    expect(lead?.id).toBe(2);
    expect(waiting.map(({ id }) => id)).toEqual([1, 4, 5]);
    expect(acknowledged.map(({ id }) => id)).toEqual([3]);
    expect(bringsCamera).toBe(true);
  });

  test('a notice takes no camera unasked, but does when it is chosen', () => {
    expect(triage([alert(5, 'notice')], null).bringsCamera).toBe(false);
    expect(triage(alerts, 5)).toMatchObject({ lead: { id: 5 }, bringsCamera: true });
  });

  test('what somebody silenced never leads by itself, and comes last', () => {
    const silence = { id: 1, until: 0, by: '王敏', reason: '检修' };
    const quiet = { ...alert(9, 'red'), silence };
    const { lead, waiting } = triage([quiet, alert(5, 'notice'), alert(4, 'yellow')], null);
    expect([lead?.id, ...waiting.map(({ id }) => id)]).toEqual([4, 5, 9]);
    expect(triage([quiet], null).lead).toBeNull();
    expect(triage([quiet], 9).lead).toBe(quiet);
  });

  test('kinds are counted and alerts listed in the same order', () => {
    expect(countKinds(alerts)).toEqual([
      { kind: 'red', count: 3 },
      { kind: 'yellow', count: 1 },
      { kind: 'notice', count: 1 },
    ]);
    expect(listOrder(alerts).map(({ id }) => id)).toEqual([2, 1, 4, 5, 3]);
  });

  test('a chosen alert that is gone gives way', () => {
    expect(triage(alerts, 99).lead?.id).toBe(2);
    expect(triage([], 99)).toEqual({ lead: null, waiting: [], acknowledged: [], bringsCamera: false });
  });
});

describe('tiles', () => {
  const tiles = arrangeTiles(
    [camera('a'), camera('zhuozhou-07')],
    [screen('s1', null), screen('s2', 'zhuozhou-07')],
  );

  test('a screen follows the camera of its counter', () => {
    expect(tiles.map(({ key }) => key)).toEqual(['camera:a', 'camera:zhuozhou-07', 'screen:s2', 'screen:s1']);
  });

  test('an alert finds its counter’s camera and screen, and no other without a counter', () => {
    expect(tilesOfAlert(tiles, alert(1, 'red')).map(({ key }) => key)).toEqual([
      'camera:zhuozhou-07',
      'screen:s2',
    ]);
    expect(tilesOfAlert(tiles, { ...alert(1, 'red'), counter: null })).toEqual([]);
  });

  test('an alert on a camera finds that camera first, also where it belongs to no counter', () => {
    const two = arrangeTiles([camera('a', 'zhuozhou-07'), camera('b', 'zhuozhou-07'), camera('c')], []);
    const found = (more: Partial<Alert>) =>
      tilesOfAlert(two, { ...alert(1, 'risk'), ...more }).map(({ key }) => key);
    expect(found({ camera: 'b' })).toEqual(['camera:b', 'camera:a']);
    expect(found({ camera: 'c', counter: null })).toEqual(['camera:c']);
  });

  test('pages hold the focus and turn the rest, in an order that never changes', () => {
    const many = arrangeTiles(
      Array.from({ length: 12 }, (_, at) => camera(`c${at}`)),
      [],
    );
    const focus = many.slice(7, 8);
    const grid = { columns: 3, rows: 3 };
    const first = pageOf(many, focus, grid, 0);
    expect(first.pages).toBe(3);
    expect(first.tiles.map(({ key }) => key)).toEqual(
      ['c0', 'c1', 'c2', 'c3', 'c4', 'c7'].map((id) => `camera:${id}`),
    );
    const last = pageOf(many, focus, grid, 99);
    expect(last.page).toBe(2);
    expect(last.tiles.map(({ key }) => key)).toEqual(
      ['c6', 'c7', 'c8', 'c9', 'c10', 'c11'].map((id) => `camera:${id}`),
    );
    expect(pageOf(many, [], grid, 1).tiles).toHaveLength(9);
    expect(pageOf([], [], grid, 0)).toEqual({ tiles: [], pages: 1, page: 0 });
  });
});

describe('the grid', () => {
  test.each([
    [6, 1400, 800, { columns: 2, rows: 3 }],
    [9, 1400, 800, { columns: 3, rows: 3 }],
    [9, 3270, 800, { columns: 5, rows: 2 }],
    [1, 1400, 800, { columns: 1, rows: 1 }],
  ])('of %d cells in %d × %d px', (cells, width, height, grid) => {
    expect(chooseGrid(cells, width, height)).toEqual(grid);
  });

  test('always has room for a tile of 2×2', () => {
    const tiles = arrangeTiles([camera('zhuozhou-07')], []);
    const { grid } = autoLayout(tiles, tiles, { width: 3270, height: 400 }, 0);
    expect(grid.tiles).toEqual([
      { x: 0, y: 0, w: 2, h: 2, content: { kind: 'camera', camera: 'zhuozhou-07' } },
    ]);
  });

  test('that somebody chose: an alert’s camera changes places with the largest, and nothing else moves', () => {
    const tiles = arrangeTiles(
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => camera(id)),
      [],
    );
    const shown = (focus: typeof tiles) =>
      chosenLayout(presetOf(6), tiles, focus, 0).grid.tiles.map(({ content }) =>
        content.kind === 'camera' ? content.camera : content.kind,
      );
    expect(shown([])).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(shown(tiles.slice(3, 4))).toEqual(['d', 'b', 'c', 'a', 'e', 'f']);
    expect(shown(tiles.slice(6))).toEqual(['g', 'b', 'c', 'd', 'e', 'f']);
  });
});
