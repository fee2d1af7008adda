import type {
  AlertHistory,
  AlertKind,
  KindRouting,
  Millis,
  Region,
  Role,
  RoutingReason,
  RoutingStage,
  Sentence,
} from '@mingjing/contracts';
import type { Calendars } from '../clock/calendars.ts';
import type { OpeningHours } from '../clock/spec.ts';

/** An alert, as far as its way is decided by it. Instants are ms since the epoch. */
export interface RoutedAlert {
  id: number;
  kind: AlertKind;
  fingerprint: string;
  rule: string;
  region: string;
  department: string | null;
  caseId: string | null;
  /** The source that tells of its case; of a silence, the silent source. */
  source: string | null;
  /** Of an alert on a camera: the sources that tell of it, and those of its media host. */
  tellers?: readonly string[];
  raisedAt: Millis;
}

/** A line of its history. */
export interface PastLine {
  at: Millis;
  action: AlertHistory['action'];
  /** Of 'acknowledged': until when. */
  until?: Millis | null;
}

/** Somebody was told. */
export interface PastTelling {
  at: Millis;
  level: number;
  round: number;
}

/** Somebody who may be told. */
export interface Person {
  userId: number;
  role: Role;
  region: string;
}

/** A standing alert that may speak for others. */
export interface Inhibitor {
  id: number;
  kind: AlertKind;
  fingerprint: string;
  source: string | null;
  title: Sentence;
  raisedAt: Millis;
}

/** Which alerts a silence covers: null matches all. */
export interface SilenceMatchers {
  region: string;
  department: string | null;
  rule: string | null;
  kind: AlertKind | null;
  caseId: string | null;
}

export interface HeldSilence extends SilenceMatchers {
  id: number;
  author: string;
  reason: string;
  createdAt: Millis;
  expiresAt: Millis;
  /** When it was over; null while it holds. */
  endedAt: Millis | null;
}

/** Everything that the decision rests on; `at` comes beside it. */
export interface Situation {
  alert: RoutedAlert;
  history: readonly PastLine[];
  told: readonly PastTelling[];
  /** When the first alert of its group was raised that is told together with it. */
  groupSince: Millis;
  inhibitors: readonly Inhibitor[];
  silences: readonly HeldSilence[];
  /** Its region, the region above, and so on to the top. */
  chain: readonly Region[];
  people: readonly Person[];
  /** Null: nobody is told of this kind. */
  policy: KindRouting | null;
  calendars: Calendars;
  /** Opening hours of its hall; the default ones where it has none. */
  hours?: OpeningHours;
}

/** Those of one tier who are to be told. */
export interface TierTold {
  level: number;
  region: Region;
  people: Person[];
}

/** What a stage decided, and why. */
export interface Decision {
  stage: RoutingStage;
  reason: RoutingReason;
  /** When to decide again, if nothing happens before; null: only when something happens. */
  until: Millis | null;
  /** What keeps it quiet. */
  mute: { by: 'inhibition' | 'silence'; id: number } | null;
  /** Opens again: whoever acknowledged it did not handle it in time. */
  rearm: boolean;
  round: number;
  tell: TierTold[];
}
