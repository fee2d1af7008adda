import type { CameraTile, StreamStatus } from '@mingjing/contracts';
import { useDocumentVisibility, useElementVisibility, useIntervalFn } from '@vueuse/core';
import { computed, onBeforeUnmount, onMounted, ref, shallowRef, watch } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import type { CameraWatch } from './cameraWatch.ts';
import { useMedia } from './useMedia.ts';
import { tileView } from './tileView.ts';
import type { PlayerView, TileView } from './tileView.ts';

/** No new frame for so long, though the tile is seen, and the picture is called frozen. */
const FROZEN_AFTER_MS = 5_000;

interface CameraStream {
  view: ComputedRef<TileView>;
  /** A frame of the live picture has been drawn: the still can go. */
  drawn: Ref<boolean>;
  /** The tile is seen. */
  seen: ComputedRef<boolean>;
}

/**
 * Plays a camera in a video element while the tile is seen, and watches the frames.
 * @param covered something lies over the tile, so that nobody sees it
 */
export function useCameraStream(
  camera: ComputedRef<CameraTile>,
  video: Readonly<Ref<HTMLVideoElement | null>>,
  covered: ComputedRef<boolean>,
): CameraStream {
  const media = useMedia();
  const status = shallowRef<StreamStatus | null>(null);
  const player = shallowRef<PlayerView>({ phase: 'waiting', since: Date.now(), reason: null, retryAt: null });
  const drawn = ref(false);
  const visibility = useDocumentVisibility();
  const inView = useElementVisibility(video);
  const seen = computed(() => inView.value && visibility.value === 'visible' && !covered.value);
  let lastFrameAt = 0;
  let watching: CameraWatch | null = null;

  function enter(phase: PlayerView['phase'], since: number): void {
    if (player.value.phase !== phase) player.value = { phase, since, reason: null, retryAt: null };
  }

  function onFrame(): void {
    lastFrameAt = Date.now();
    drawn.value = true;
    enter('playing', lastFrameAt);
    video.value?.requestVideoFrameCallback(onFrame);
  }

  function show(picture: MediaStream | null): void {
    const element = video.value;
    if (!element) return;
    if (!picture) {
      // The last frame is gone with the track: the still stands in until the picture is back.
      element.srcObject = null;
      drawn.value = false;
      enter('waiting', Date.now());
      return;
    }
    element.srcObject = picture;
    element.requestVideoFrameCallback(onFrame);
    // Not awaited: it settles with the first frame, and the consumer is resumed only after this.
    element.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'AbortError') return;
      player.value = { ...player.value, reason: String(error), retryAt: null };
    });
  }

  useIntervalFn(() => {
    const late = Date.now() - lastFrameAt > FROZEN_AFTER_MS;
    if (seen.value && player.value.phase === 'playing' && late) enter('stalled', lastFrameAt);
  }, 1000);

  watch(seen, (now) => {
    // What was not seen was not played: the wait begins anew.
    lastFrameAt = Date.now();
    watching?.setPaused(!now);
  });

  onMounted(() => {
    watching = media.watch(camera.value.id, {
      picture: show,
      status: (next) => (status.value = next),
      trouble: (reason, retryAt) => (player.value = { ...player.value, reason, retryAt }),
    });
    watching.setPaused(!seen.value);
  });
  onBeforeUnmount(() => {
    if (watching) media.unwatch(watching);
  });

  return { view: computed(() => tileView(camera.value, status.value, player.value)), drawn, seen };
}
