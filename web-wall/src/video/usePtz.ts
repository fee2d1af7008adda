import { PTZ_DEAD_MAN_MS } from '@mingjing/contracts';
import type { PtzCommand, PtzPresets } from '@mingjing/contracts';
import { onScopeDispose, ref, shallowRef, toValue, watch } from 'vue';
import type { MaybeRefOrGetter, Ref, ShallowRef } from 'vue';
import type { MediaClient } from './mediaClient.ts';
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

/** Does something at once and again until it is stopped. */
function openRenewal() {
  let timer: ReturnType<typeof setInterval> | undefined;
  const stop = (): void => {
    clearInterval(timer);
  };
  const start = (act: () => void): void => {
    stop();
    act();
    timer = setInterval(act, RENEW_EVERY_MS);
  };
  return { start, stop };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

type Camera = MaybeRefOrGetter<string | null>;

/** Says commands, and remembers which camera was taken by them. */
function openCommands(media: MediaClient, camera: Camera, problem: Ref<string | null>) {
  const renewal = openRenewal();
  let steered: string | null = null;
  async function command(what: PtzCommand, of = toValue(camera)): Promise<void> {
    if (of === null) return;
    try {
      await media.request('ptz', { camera: of, command: what });
      steered = what.kind === 'release' ? null : of;
      problem.value = null;
    } catch (error) {
      renewal.stop();
      problem.value = messageOf(error);
    }
  }
  const move = (vector: Vector): void => {
    renewal.start(() => void command({ kind: 'move', ...vector }));
  };
  const stop = (): void => {
    renewal.stop();
    void command({ kind: 'stop' });
  };
  const release = (): void => {
    renewal.stop();
    if (steered !== null) void command({ kind: 'release' }, steered);
  };
  return { command, move, stop, release };
}

/**
 * Steers a camera from a component below provideMedia().
 * @param camera its id; null while the panel is closed: then nothing is asked, and what moves is stopped
 */
export function usePtz(camera: Camera): Ptz {
  const media = useMedia();
  const offer = shallowRef<PtzPresets | null>(null);
  const holder = ref<string | null>(null);
  const problem = ref<string | null>(null);
  const { command, move, stop, release } = openCommands(media, camera, problem);

  async function load(): Promise<void> {
    const asked = toValue(camera);
    if (asked === null) return;
    try {
      const answer = await media.request('presets', { camera: asked });
      if (asked !== toValue(camera)) return;
      offer.value = answer;
      holder.value = answer.holder;
    } catch (error) {
      problem.value = messageOf(error);
    }
  }
  async function change(what: PtzCommand): Promise<void> {
    await command(what);
    await load();
  }
  const unfollow = media.onPtz((event) => {
    if (event.camera !== toValue(camera)) return;
    holder.value = event.holder;
    // A refusal because of who steered it before is no longer true.
    problem.value = null;
  });
  watch(
    () => toValue(camera),
    () => {
      release();
      [offer.value, holder.value, problem.value] = [null, null, null];
      void load();
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    release();
    unfollow();
  });
  return {
    ...{ offer, holder, problem, move, stop, load, release },
    home: () => void command({ kind: 'home' }),
    goTo: (preset) => void command({ kind: 'preset', preset }),
    savePreset: (name, preset) =>
      change({ kind: 'savePreset', name, ...(preset === undefined ? {} : { preset }) }),
    removePreset: (preset) => change({ kind: 'removePreset', preset }),
  };
}
