import { useElementSize } from '@vueuse/core';
import { GridStack } from 'gridstack';
import 'gridstack/dist/gridstack.min.css';
import { onBeforeUnmount, onMounted, watch } from 'vue';
import type { Grid } from '@mingjing/contracts';
import type { Ref } from 'vue';

/**
 * Dragging and resizing by pointer; the one place that knows gridstack. The page draws the tiles, gridstack only moves them:
 * after each gesture it is asked where they stand.
 * @param change the places after a gesture, in the order of the tiles
 */
export function useGridDrag(
  root: Readonly<Ref<HTMLElement | null>>,
  grid: Readonly<Ref<Grid>>,
  change: (next: Grid) => void,
): void {
  let stack: GridStack | null = null;
  // Gridstack gives its element a height of its own: what there is room for is around it.
  const { height } = useElementSize(() => root.value?.parentElement);
  function open(): void {
    const element = root.value;
    if (!element) return;
    const { columns, rows } = grid.value;
    stack = GridStack.init(
      {
        column: columns,
        row: rows,
        mode: 'float',
        margin: 3,
        animate: false,
        cellHeight: (element.parentElement ?? element).clientHeight / rows,
      },
      element,
    );
    stack?.on('dragstop resizestop', () => {
      const places = new Map(stack?.engine.nodes.map((node) => [node.el?.dataset['index'], node]));
      const tiles = grid.value.tiles.map((tile, index) => {
        const { x = tile.x, y = tile.y, w = 1, h = 1 } = places.get(String(index)) ?? tile;
        return { ...tile, x, y, w, h };
      });
      change({ ...grid.value, tiles });
    });
  }
  function close(): void {
    stack?.destroy(false);
    stack = null;
  }
  onMounted(open);
  watch(
    grid,
    () => {
      close();
      open();
    },
    { flush: 'post' },
  );
  // The room changes with the window: the cells go along.
  watch(height, (now) => {
    if (now > 0) stack?.cellHeight(now / grid.value.rows);
  });
  onBeforeUnmount(close);
}
