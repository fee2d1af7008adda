import type { CameraTile, Quality, StreamStatus } from '@mingjing/contracts';
import { useDocumentVisibility, useElementSize, useElementVisibility, watchDebounced } from '@vueuse/core';
import { computed, onBeforeUnmount, onMounted, shallowRef, watch } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import type { CameraWatch } from './cameraWatch.ts';
import type { PictureFigures } from './picture.ts';
import { qualityFor } from './qualityFor.ts';
import { useMedia } from './useMedia.ts';
import { usePlayer } from './usePlayer.ts';
import type { Shown } from '../tiles/livePace.ts';
import { tileView } from './tileView.ts';
import type { TileView } from './tileView.ts';

/** A tile that is being dragged larger asks for another picture once it rests. */
const RESIZED_AFTER_MS = 400;

interface CameraStream {
  view: ComputedRef<TileView>;
  /** A frame of the live picture has been drawn: the still can go. */
  drawn: Ref<boolean>;
  /** The tile is seen. */
  seen: ComputedRef<boolean>;
  /** What is known of the picture, since it was asked last. */
  figures: () => Promise<PictureFigures | null>;
  /** Frames that came and that were shown, since the picture began; null while it is not seen to play. */
  frames: () => Promise<Shown | null>;
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
  const visibility = useDocumentVisibility();
  const inView = useElementVisibility(video);
  const seen = computed(() => inView.value && visibility.value === 'visible' && !covered.value);
  const { player, carriedBy, drawn, show, trouble } = usePlayer(video, seen);
  const size = useElementSize(video);
  let watching: CameraWatch | null = null;
  let quality: Quality = 'sub';
  const wanted = (width: number) => qualityFor(width * window.devicePixelRatio, quality);

  watch(seen, (now) => watching?.setPaused(!now));
  watchDebounced(
    size.width,
    (width) => {
      // A tile that is put away has no size: its picture stays what it was.
      if (width > 0) quality = wanted(width);
      watching?.setQuality(quality);
    },
    { debounce: RESIZED_AFTER_MS },
  );

  onMounted(() => {
    quality = wanted(video.value?.clientWidth ?? 0);
    watching = media.watch(camera.value.id, quality, {
      picture: show,
      status: (next) => (status.value = next),
      trouble,
    });
    watching.setPaused(!seen.value);
  });
  onBeforeUnmount(() => {
    if (watching) media.unwatch(watching);
  });

  return {
    view: computed(() => tileView(camera.value, status.value, player.value, carriedBy.value)),
    drawn,
    seen,
    figures: () => watching?.figures() ?? Promise.resolve(null),
    async frames() {
      const counted = (await watching?.frames()) ?? null;
      const element = video.value;
      if (!element || !seen.value || player.value.phase !== 'playing') return null;
      const { totalVideoFrames, droppedVideoFrames } = element.getVideoPlaybackQuality();
      const { came, decoded } = counted ?? { came: totalVideoFrames, decoded: totalVideoFrames };
      return { came, shown: decoded - droppedVideoFrames };
    },
  };
}
