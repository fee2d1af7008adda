import { useIntervalFn } from '@vueuse/core';
import { ref, shallowRef, watch } from 'vue';
import type { Ref, ShallowRef } from 'vue';
import type { CarriedBy, Picture } from './picture.ts';
import type { PlayerView } from './tileView.ts';

/** No new frame for so long, though the tile is seen, and the picture is called frozen. */
const FROZEN_AFTER_MS = 5_000;

interface Player {
  player: ShallowRef<PlayerView>;
  /** How the picture came that was shown last. */
  carriedBy: Ref<CarriedBy>;
  /** A frame of the live picture has been drawn: the still can go. */
  drawn: Ref<boolean>;
  /** Shows a picture, or nothing. */
  show: (picture: Picture | null) => void;
  /** Says why there is no picture and when it is tried again; both null once all is well. */
  trouble: (reason: string | null, retryAt: number | null) => void;
}

/** A video element that plays live pictures, and is watched for frames while it is seen. */
export function usePlayer(
  video: Readonly<Ref<HTMLVideoElement | null>>,
  seen: Readonly<Ref<boolean>>,
): Player {
  const player = shallowRef<PlayerView>({ phase: 'waiting', since: Date.now(), reason: null, retryAt: null });
  const drawn = ref(false);
  const carriedBy = ref<CarriedBy>('webrtc');
  let lastFrameAt = 0;
  let detach: (() => void) | null = null;

  function enter(phase: PlayerView['phase'], since: number): void {
    if (player.value.phase !== phase) player.value = { phase, since, reason: null, retryAt: null };
  }

  function trouble(reason: string | null, retryAt: number | null): void {
    player.value = { ...player.value, reason, retryAt };
  }

  function onFrame(): void {
    lastFrameAt = Date.now();
    drawn.value = true;
    enter('playing', lastFrameAt);
    video.value?.requestVideoFrameCallback(onFrame);
  }

  function show(picture: Picture | null): void {
    const element = video.value;
    if (!element) return;
    detach?.();
    detach = null;
    if (!picture) {
      // The last frame is gone with the track: the still stands in until the picture is back.
      drawn.value = false;
      enter('waiting', Date.now());
      return;
    }
    carriedBy.value = picture.carriedBy;
    detach = picture.attach(element);
    element.requestVideoFrameCallback(onFrame);
    // Not awaited: it settles with the first frame, and the picture is sent only after this.
    element.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'AbortError') return;
      trouble(String(error), null);
    });
  }

  useIntervalFn(() => {
    const late = Date.now() - lastFrameAt > FROZEN_AFTER_MS;
    if (seen.value && player.value.phase === 'playing' && late) enter('stalled', lastFrameAt);
  }, 1000);

  // What was not seen was not played: the wait begins anew.
  watch(seen, () => (lastFrameAt = Date.now()));

  return { player, carriedBy, drawn, show, trouble };
}
