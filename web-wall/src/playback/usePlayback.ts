import type { ScreenFrame } from '@mingjing/contracts';
import { useIntervalFn } from '@vueuse/core';
import { inject, onScopeDispose, provide, shallowRef } from 'vue';
import type { InjectionKey, ShallowRef } from 'vue';
import { useSession } from '../stores/session.ts';
import { PlaybackClock } from './clock.ts';
import type { Rate } from './clock.ts';
import { Lockstep } from './lockstep.ts';
import { openRecordings } from './recordings.ts';
import type { Recordings } from './recordings.ts';

/** How often players look at the clock, and what is shown of it moves on. In ms. */
const TICK_MS = 50;
/** A frame of a camera that has not told how long its are. In ms. */
const FRAME_MS = 40;
/** Recordings are told of after they were made: the clock keeps so far behind the present. In ms. */
const BEHIND_PRESENT_MS = 2000;

export interface ClockView {
  at: number;
  rate: Rate;
  playing: boolean;
  held: boolean;
}

/** A screen that is played: single pictures of which each stands for a while. */
export interface Pictures {
  screen: string;
  /** The picture of an instant, where it is known; what is not is not asked for. */
  pictureAt: (at: number) => ScreenFrame | undefined;
  /** When the picture after or before the one of an instant began; null where none is known. ms since the epoch. */
  beside: (at: number, direction: 1 | -1) => number | null;
}

export interface Playback {
  clock: PlaybackClock;
  lockstep: Lockstep;
  recordings: Recordings;
  /** The clock as it is shown. */
  view: ShallowRef<ClockView>;
  /** How long one frame is shown, in ms: of the camera that told last; null while no camera is played. */
  frameMs: { value: number | null };
  /** The screens that are played, which know their pictures. */
  pictures: Set<Pictures>;
  /** Stands still, a frame on or back; without a camera a picture of the screens. */
  step: (direction: 1 | -1) => void;
}

const KEY: InjectionKey<Playback> = Symbol('playback');

/** One clock for a page and everything in it, and where recordings come from; both end with the page. */
export function providePlayback(at: number, rate: Rate = 1): Playback {
  const now = (): number => performance.now();
  const clock = new PlaybackClock(at, now, () => Date.now() - BEHIND_PRESENT_MS);
  clock.setRate(rate);
  const lockstep = new Lockstep(clock, now);
  const recordings = openRecordings(useSession().session?.region.code ?? '');
  const look = (): ClockView => ({
    at: clock.at,
    rate: clock.rate,
    playing: clock.playing,
    held: clock.held,
  });
  const view = shallowRef(look());
  function update(): void {
    const next = look();
    const { value: held } = view;
    if (
      next.at === held.at &&
      next.rate === held.rate &&
      next.playing === held.playing &&
      next.held === held.held
    )
      return;
    view.value = next;
  }
  useIntervalFn(() => {
    lockstep.tick();
    update();
  }, TICK_MS);
  clock.onChange(() => {
    lockstep.tick();
    update();
  });
  onScopeDispose(() => recordings.close());
  const frameMs: Playback['frameMs'] = { value: null };
  const pictures = new Set<Pictures>();
  function step(direction: 1 | -1): void {
    if (frameMs.value !== null || pictures.size === 0) {
      clock.step(direction, frameMs.value ?? FRAME_MS);
      return;
    }
    const beside = [...pictures].flatMap((screen) => screen.beside(clock.at, direction) ?? []);
    clock.pause();
    if (beside.length > 0) clock.seek(direction === 1 ? Math.min(...beside) : Math.max(...beside));
  }
  const playback = { clock, lockstep, recordings, view, frameMs, pictures, step };
  provide(KEY, playback);
  return playback;
}

/** The page's clock. @throws Error outside a page that called providePlayback */
export function usePlayback(): Playback {
  const playback = inject(KEY);
  if (!playback) throw new Error('usePlayback() needs a page that called providePlayback()');
  return playback;
}
