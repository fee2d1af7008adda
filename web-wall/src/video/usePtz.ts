import { PTZ_DEAD_MAN_MS } from '@mingjing/contracts';
import type { PtzCommand, PtzPresets } from '@mingjing/contracts';
import { onScopeDispose, ref, shallowRef, toValue, watch } from 'vue';
import type { MaybeRefOrGetter, Ref, ShallowRef } from 'vue';
import { useMedia } from './useMedia.ts';

/** Twice within the dead man's time: one that is late stops nothing. */
const RENEW_EVERY_MS = PTZ_DEAD_MAN_MS * 0.4;

interface Vector {
  pan?: number;
  tilt?: number;
  zoom?: number;
}

/** How a tile steers its camera. Nothing here throws: what is refused stands in `problem`. */
export interface Ptz {
  /** What the camera offers, and its presets; null until it has answered. */
  offer: Readonly<ShallowRef<PtzPresets | null>>;
  /** Who steers it now, as the media host says: a user name; null when nobody does. */
  holder: Readonly<Ref<string | null>>;
  /** Why the last command was refused: "使用中：… (in use by …)"; null after one that was taken. */
  problem: Readonly<Ref<string | null>>;
  /** Moves until stop(): the move is renewed here, and ends by itself when this page does. */
  move: (vector: Vector) => void;
  stop: () => void;
  home: () => void;
  goTo: (preset: string) => void;
  savePreset: (name: string, preset?: string) => Promise<void>;
  removePreset: (preset: string) => Promise<void>;
  /** Lets somebody else steer; also done when the scope ends. */
  release: () => void;
  /** Asks again what the camera offers. */
  load: () => Promise<void>;
}

/**
 * Steers a camera from a component below provideMedia().
 * @param camera its id; null while the panel is closed: then nothing is asked, and what moves is stopped
 */
export function usePtz(camera: MaybeRefOrGetter<string | null>): Ptz {
  const media = useMedia();
  const offer = shallowRef<PtzPresets | null>(null);
  const holder = ref<string | null>(null);
  const problem = ref<string | null>(null);
  let renewing: ReturnType<typeof setInterval> | undefined;
  let steered: string | null = null;

  async function command(what: PtzCommand, of = toValue(camera)): Promise<void> {
    if (of === null) return;
    try {
      await media.request('ptz', { camera: of, command: what });
      steered = what.kind === 'release' ? null : of;
      problem.value = null;
    } catch (error) {
      clearInterval(renewing);
      problem.value = error instanceof Error ? error.message : String(error);
    }
  }
  async function load(): Promise<void> {
    const asked = toValue(camera);
    if (asked === null) return;
    try {
      const answer = await media.request('presets', { camera: asked });
      if (asked !== toValue(camera)) return;
      offer.value = answer;
      holder.value = answer.holder;
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
    }
  }
  function stop(): void {
    clearInterval(renewing);
    renewing = undefined;
    void command({ kind: 'stop' });
  }
  function move(vector: Vector): void {
    clearInterval(renewing);
    void command({ kind: 'move', ...vector });
    renewing = setInterval(() => void command({ kind: 'move', ...vector }), RENEW_EVERY_MS);
  }
  function leave(): void {
    clearInterval(renewing);
    renewing = undefined;
    if (steered !== null) void command({ kind: 'release' }, steered);
  }
  const unfollow = media.onPtz((event) => {
    if (event.camera === toValue(camera)) holder.value = event.holder;
  });

  watch(
    () => toValue(camera),
    () => {
      leave();
      offer.value = null;
      holder.value = null;
      problem.value = null;
      void load();
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    leave();
    unfollow();
  });

  return {
    ...{ offer, holder, problem, move, stop, load },
    home: () => void command({ kind: 'home' }),
    goTo: (preset) => void command({ kind: 'preset', preset }),
    savePreset: async (name, preset) => {
      await command({ kind: 'savePreset', name, ...(preset === undefined ? {} : { preset }) });
      await load();
    },
    removePreset: async (preset) => {
      await command({ kind: 'removePreset', preset });
      await load();
    },
    release: leave,
  };
}
