import type { Quality } from '@mingjing/contracts';

/** How a picture comes: by WebRTC, or as a film over the signalling connection where that does not pass. */
export type CarriedBy = 'webrtc' | 'film';

/** A live picture that a video element can show. */
export interface Picture {
  carriedBy: CarriedBy;
  /** Shows it in an element. @returns how to end that */
  attach: (video: HTMLVideoElement) => () => void;
}

/** What a viewer may want to know of a picture. Null: not known (yet). */
export interface PictureFigures {
  carriedBy: CarriedBy;
  quality: Quality;
  /** In bits a second. */
  bitrate: number | null;
  /** Pictures a second. */
  rate: number | null;
  /** From the media host to the screen, in ms. */
  delay: number | null;
}

/** Frames of a picture since it began; they are counted anew when another stream takes its place. */
export interface FrameCounts {
  came: number;
  decoded: number;
}

/** What a carrier tells of its picture. */
export interface CarrierHooks {
  picture: (picture: Picture) => void;
  /** The picture was had. */
  ready: () => void;
  /** It could not be had, or has ended; nothing more comes of this carrier. */
  failed: (reason: string) => void;
}

/** Brings one camera to one tile. */
export interface Carrier {
  /** Which stream is shown; null before the first. */
  readonly quality: Quality | null;
  /** Whether the media host means this one by an id. */
  owns: (id: string) => boolean;
  /** A hidden tile costs nothing. */
  setPaused: (paused: boolean) => void;
  /** Goes over to the other stream; what is shown stays until that has a picture. */
  setQuality: (quality: Quality) => void;
  figures: () => Promise<PictureFigures | null>;
  /** Null: there is no picture, or only the element that shows it counts its frames. */
  frames: () => Promise<FrameCounts | null>;
  close: () => void;
}

/** What a carrier is begun with. */
export interface Wish {
  camera: string;
  quality: Quality;
  paused: boolean;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
