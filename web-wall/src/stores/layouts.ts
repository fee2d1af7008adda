import type { Grid, Layout, LayoutChoice } from '@mingjing/contracts';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { call } from '../api/client.ts';
import { PRESET_SIZES, presetOf } from '../layouts/presets.ts';

/** How the wall page is divided: what this user chose last, and the layouts there are to choose from. */
export const useLayouts = defineStore('layouts', () => {
  const choice = shallowRef<LayoutChoice>({ kind: 'auto' });
  const layouts = shallowRef<Layout[]>([]);
  /** What the last call threw; null when all is well. */
  const failure = shallowRef<unknown>(null);

  /** The chosen grid; null: by the room there is, also when the layout is gone. */
  const grid = computed((): Grid | null => {
    const chosen = choice.value;
    if (chosen.kind === 'auto') return null;
    if (chosen.kind === 'layout') return layouts.value.find(({ id }) => id === chosen.layout)?.grid ?? null;
    const size = PRESET_SIZES.find((one) => one === chosen.size);
    return size === undefined ? null : presetOf(size);
  });

  /** Reads what the centre remembers of this user, and the layouts of a region. */
  async function load(region: string): Promise<void> {
    try {
      const [known, last] = await Promise.all([
        call('GET /api/layouts', { query: { region } }),
        call('GET /api/layout-choice', {}),
      ]);
      layouts.value = known;
      choice.value = last;
      failure.value = null;
    } catch (error) {
      failure.value = error;
    }
  }
  /** Shows it at once, and has the centre remember it. */
  async function choose(next: LayoutChoice): Promise<void> {
    choice.value = next;
    try {
      await call('PUT /api/layout-choice', { body: next });
      failure.value = null;
    } catch (error) {
      failure.value = error;
    }
  }
  return { choice, layouts, failure, grid, load, choose };
});
