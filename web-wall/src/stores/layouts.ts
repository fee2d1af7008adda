import type { Grid, Layout, LayoutChoice } from '@mingjing/contracts';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { PRESET_SIZES, presetOf } from '../layouts/presets.ts';

/** How the wall page is divided: what this user chose last, and the layouts there are to choose from. */
export const useLayouts = defineStore('layouts', () => {
  const choice = shallowRef<LayoutChoice>({ kind: 'auto' });
  const layouts = shallowRef<Layout[]>([]);
  const failure = ref<string | null>(null);

  /** The chosen grid; null: by the room there is, also when the layout is gone. */
  const grid = computed((): Grid | null => {
    const chosen = choice.value;
    if (chosen.kind === 'auto') return null;
    if (chosen.kind === 'layout') return layouts.value.find(({ id }) => id === chosen.layout)?.grid ?? null;
    const size = PRESET_SIZES.find((one) => one === chosen.size);
    return size === undefined ? null : presetOf(size);
  });

  function choose(next: LayoutChoice): void {
    choice.value = next;
  }
  return { choice, layouts, failure, grid, choose };
});
