import type { TimelineMark } from './recordings.ts';

/** GET /api/timeline: what happened at the places of some cameras, oldest first. */
export interface Timeline {
  marks: TimelineMark[];
  /** Null when they are all there; else the instant from which on marks were left out. ms since the epoch. */
  cutAt: number | null;
}

/** A picture that a counter screen showed. Times are ms since the epoch. */
export interface ScreenFrame {
  at: number;
  /** Until when it is known to have been shown; then the next picture came, or nobody looked any more. */
  until: number;
  sha256: string;
  mediaType: string;
  masked: boolean;
}

/** GET /api/screens/:id/history: what a screen showed, oldest first; the first may have been shown before `from`. */
export interface ScreenHistory {
  frames: ScreenFrame[];
  /** Null when they are all there; else the instant from which on pictures were left out. */
  cutAt: number | null;
}

/** A camera or screen for a place: its own, or one of the whole hall where the counter has none. */
export interface ReplayEye {
  id: string;
  name: string;
  at: 'counter' | 'hall';
}

/** Where a step of a case was done, and what looks at that place. */
export interface ReplayPlace {
  /** From this event of the case on; ms since the epoch. */
  from: number;
  hall: string | null;
  counter: string | null;
  cameras: ReplayEye[];
  screens: ReplayEye[];
}

/** GET /api/cases/:caseId/replay: where the case was from when on, oldest first. */
export interface CaseReplay {
  places: ReplayPlace[];
}
