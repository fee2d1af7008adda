import { useDebounceFn } from '@vueuse/core';
import { onScopeDispose, shallowRef, watch } from 'vue';
import type { ShallowRef } from 'vue';
import { pictureAddress } from './recordings.ts';
import { spanAt } from './spans.ts';
import type { TimeRow } from './timeRows.ts';
import { usePlayback } from './usePlayback.ts';

export interface Preview {
  state: 'loading' | 'shown' | 'none' | 'failed';
  /** The address of the picture; null while there is none. */
  picture: string | null;
}

export interface Pointed {
  row: TimeRow | null;
  /** ms since the epoch. */
  at: number;
  /** How much time a pixel is, in ms: pictures nearer to one another are one. */
  grain: number;
}

/** The pointer rests so long before a picture is asked for. In ms. */
const PAUSE_MS = 80;
const FINEST_MS = 1000;

/** The instant whose picture stands for one, inside what was recorded; null where nothing was. */
export function instantOfPreview({ row, at, grain }: Pointed): number | null {
  const span = row && spanAt(row.spans, at);
  if (!span) return null;
  const step = Math.max(FINEST_MS, grain);
  return Math.round(Math.min(span.to - 1, Math.max(span.from, Math.round(at / step) * step)));
}

/** The picture of what a pointer is at. One is asked for at a time: whoever moves on lets go of the one before. */
export function usePreview(pointed: () => Pointed): ShallowRef<Preview> {
  const { recordings, pictures } = usePlayback();
  const preview = shallowRef<Preview>({ state: 'loading', picture: null });
  let asking = new AbortController();
  let shown = '';
  const tell = (state: Preview['state'], picture: string | null = null) => {
    preview.value = { state, picture };
  };

  const ask = useDebounceFn(async (camera: string, at: number, { signal }: AbortController) => {
    const isWanted = (): boolean => !signal.aborted;
    if (!isWanted()) return;
    try {
      const picture = await recordings.previews.fetch(camera, at, signal);
      if (isWanted()) tell(picture === null ? 'none' : 'shown', picture);
    } catch {
      if (isWanted()) tell('failed');
    }
  }, PAUSE_MS);

  function look(now: Pointed): void {
    const at = instantOfPreview(now);
    const of = now.row?.of;
    const next = of && at !== null ? `${of.kind} ${of.id} ${at}` : '';
    if (next !== '' && next === shown) return;
    shown = next;
    asking.abort();
    if (!of || at === null) {
      tell('none');
    } else if (of.kind === 'screen') {
      const frame = [...pictures].find(({ screen }) => screen === of.id)?.pictureAt(now.at);
      tell(frame ? 'shown' : 'loading', frame ? pictureAddress(of.id, frame) : null);
    } else {
      const held = recordings.previews.held(of.id, at);
      if (held !== undefined) tell(held === null ? 'none' : 'shown', held);
      else {
        tell('loading');
        asking = new AbortController();
        void ask(of.id, at, asking);
      }
    }
  }
  watch(pointed, look, { immediate: true });
  onScopeDispose(() => asking.abort());
  return preview;
}
