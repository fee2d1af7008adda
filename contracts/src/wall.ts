import type { Alert } from './alerts.ts';
import type { CaseStatus } from './cases.ts';
import type { RecordingPlan } from './media.ts';
import type { Region } from './region.ts';
import type { StreamState } from './observations/others.ts';

/** A camera as the wall knows it: never its address, never its credentials. */
export interface CameraTile {
  id: string;
  name: string;
  region: string;
  regionName: string;
  hall: string | null;
  counter: string | null;
  state: StreamState;
  mode: 'copy' | 'transcode' | null;
  since: number | null;
  attempt: number | null;
  retryAt: number | null;
  reason: string | null;
  /** It has an ONVIF service: it may be steered. */
  ptz: boolean;
  recording: RecordingPlan['mode'];
}

export interface ScreenTile {
  id: string;
  name: string;
  region: string;
  regionName: string;
  hall: string | null;
  counter: string | null;
  /** The picture shown last, by its SHA-256; null before the first. */
  sha256: string | null;
  masked: boolean;
  /** Who sees it unmasked now, and until when; the picture here stays the masked one. */
  unmasking?: { by: string; until: number } | null | undefined;
  /** Who asked to see it unmasked, and until when a second person may agree. */
  unmaskWaiting?: { by: string; until: number } | null | undefined;
  /** When it was last looked at, and since when it shows this picture. */
  seenAt: number | null;
  unchangedSince: number | null;
}

export interface SourceState {
  id: string;
  name: string;
  kind: string;
  region: string;
  regionName: string;
  lastSeenAt: number | null;
  /** Silence longer than this raises an alert. */
  expectEverySeconds: number;
  silent: boolean;
  disabled: boolean;
}

/** 今日数字: figures of one scope since the local midnight of the scope's zone. */
export interface Figures {
  since: number;
  asOf: number;
  accepted: number;
  completed: number;
  /** Of those completed today, how many in time; null when none was. */
  onTimeRate: number | null;
  open: number;
  yellow: { standing: number; unacknowledged: number };
  red: { standing: number; unacknowledged: number };
  risk: { standing: number; unacknowledged: number };
  /** Share of ratings of 3 and more; null when nobody rated. */
  satisfaction: { rate: number | null; given: number; bad: number };
  alertsToday: number;
  /** Accepted and completed per hour of today, index 0 = the hour of `since`. */
  hourly: { accepted: number[]; completed: number[] };
}

/** One row of the chart by region: the direct children of the scope. */
export interface RegionFigures {
  region: string;
  name: string;
  open: number;
  completed: number;
  onTimeRate: number | null;
  yellow: number;
  red: number;
}

/** A case that just moved, for the activity line. */
export interface CaseTick {
  caseId: string;
  caseNo: string;
  region: string;
  regionName: string;
  department: string | null;
  departmentEn: string | null;
  matterName: string | null;
  matterNameEn: string | null;
  status: CaseStatus;
  stage: string | null;
  kind: string;
  at: number;
}

/** What a wall holds: the whole of it comes as a snapshot, then in numbered deltas. */
export interface WallSnapshot {
  scope: Region;
  children: Region[];
  cameras: CameraTile[];
  screens: ScreenTile[];
  sources: SourceState[];
  /** Standing alerts that are open or acknowledged, newest first, at most 200. */
  alerts: Alert[];
  figures: Figures;
  regions: RegionFigures[];
  recent: CaseTick[];
}
