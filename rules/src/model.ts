import type {
  AlertKind,
  Budget,
  Card,
  CaseStatus,
  CardExplanation,
  ClockProjection,
  Hall,
  Limit,
  Matter,
  Millis,
  RecordingPlan,
  Region,
  Rung,
  RungProjection,
  Sentence,
  StageSpan,
  StreamState,
  SuspensionSpan,
} from '@mingjing/contracts';
import type { Calendars } from './clock/calendars.ts';
import type { GroupProfile, Profiles } from './profile/profiles.ts';
import type { Values } from './rule.ts';

/** 延期: budget that was added to a case's clock. */
export interface ExtensionGrant {
  at: Millis;
  by: Budget;
  approver: string | null;
  reason: string | null;
}

/** 督办单、投诉、申诉: something beside the case itself that must be answered in time. */
export interface Proceeding {
  kind: 'order' | 'complaint' | 'appeal';
  /** Its own number. */
  id: string;
  openedAt: Millis;
  answeredAt: Millis | null;
  /** Overrides the ruleset's limit for its kind. */
  limit: Limit | null;
}

/** A case as its events tell it, folded by observed time. All instants are integer ms since the epoch. */
export interface CaseState {
  /** The version of the fold that made it; what an earlier one made is folded anew when next touched. */
  foldVersion: number;
  caseId: string;
  caseNo: string;
  region: string;
  department: string | null;
  hall: string | null;
  counter: string | null;
  /** Who touched the case last. */
  officer: string | null;
  matter: string | null;
  title: string | null;
  applicant: string | null;
  channel: string | null;
  /** Overrides the matter's promised limit. */
  limit: Limit | null;
  status: CaseStatus;
  /** The stage it stands in: the last one that was started and is open, else the last one completed. */
  stage: string | null;
  submittedAt: Millis | null;
  /** When the centre was told of the submission. */
  submittedReceivedAt: Millis | null;
  submittedSource: string | null;
  /** The first acceptance: accepting a case again does not restart its clock. */
  acceptedAt: Millis | null;
  /** When the centre was told of the acceptance. */
  acceptedReceivedAt: Millis | null;
  acceptedSource: string | null;
  /**
   * When the source of the acceptance first told of anything else of this case after the acceptance had
   * happened: from then on it could have told of the acceptance as well.
   */
  toldBesideAcceptanceAt: Millis | null;
  acceptedBy: string | null;
  /** Decided or withdrawn, whichever was first; delivered where neither is known. */
  endedAt: Millis | null;
  endedBy: 'decided' | 'withdrawn' | 'delivered' | null;
  decidedBy: string | null;
  deliveredAt: Millis | null;
  outcome: string | null;
  refusalReason: string | null;
  stages: StageSpan[];
  suspensions: SuspensionSpan[];
  extensions: ExtensionGrant[];
  proceedings: Proceeding[];
  /** When its barcode was first scanned at a counter. */
  scannedAt: Millis | null;
  /** Every event the centre holds of the case, also those that were taken back. */
  eventCount: number;
  /** How many of them are corrections; from the first on, every new event re-folds the case. */
  correctionCount: number;
  lastEventAt: Millis;
  /** Order key of the last folded event, to tell a late event. */
  lastOrder: string;
}

/** An alert to be raised. `fingerprint` is the same for the same finding, however often it is made. */
export interface NewAlert {
  fingerprint: string;
  kind: AlertKind;
  rule: string;
  ruleVersion: number;
  region: string;
  department: string | null;
  matter: string | null;
  caseId: string | null;
  caseNo: string | null;
  sourceId: string | null;
  hall: string | null;
  counter: string | null;
  /** The camera that it is about. */
  camera?: string | null;
  officer: string | null;
  title: Sentence;
  reason: Sentence;
  /** What the rule looked at, by name. */
  values: Values;
  /** When what it tells of became true. */
  at: Millis;
}

export interface CaseInput {
  type: 'case';
  at: Millis;
  state: CaseState;
  matter: Matter | null;
  region: Region;
  /** Where it is handled, for the opening hours; the default ones where it is not told. */
  hall?: Hall | null;
  /** The days as entered at the centre; without them, the calendars that come with the program. */
  calendars?: Calendars;
  /** Standing cards of its clocks. */
  issued: readonly Card[];
  /** The department's name for titles; where absent, the region's name is used. */
  departmentName?: { zh: string; en: string } | null;
  /** What an officer is called, for sentences; without it, or for one nobody knows, the id stands for the name. */
  nameOf?: (officer: string) => string;
  /**
   * Fingerprints of the case's standing alerts that are not cards. When given, these are not raised
   * again and are rescinded once they are no longer true; when absent, whatever is true is raised at
   * every look (the store deduplicates by fingerprint) and nothing but cards is rescinded.
   */
  standing?: readonly string[];
  /** What was learned from closed cases; rules that need it cannot tell without. */
  profiles?: Profiles | null;
  /** How many counter cases its hall has decided, and how many of them were scanned before; newer than `profiles`. */
  hallScans?: { decided: number; scanned: number } | null;
}

/** An officer or a department, against its peers. */
export interface GroupInput {
  type: 'group';
  at: Millis;
  group: GroupProfile;
  profiles: Profiles;
  /** How it is called; without it, by its id. */
  name?: Sentence;
  /** Names of matters for sentences, by id; one that is not in it is called by its id. */
  matters?: ReadonlyMap<string, Pick<Matter, 'name' | 'nameEn'>>;
  /** Fingerprints of its standing alerts, as in CaseInput. */
  standing?: readonly string[];
}

export interface SourceInput {
  type: 'source';
  at: Millis;
  source: {
    id: string;
    name: string;
    region: string;
    lastSeenAt: Millis | null;
    /** When it was registered. */
    since: Millis;
    /** Silence longer than this raises an alert; 0: nothing is expected of it. */
    expectEverySeconds: number;
    disabled: boolean;
    /** The disk of its recordings, of a source that is a media host: what it says, and since when. */
    storage?: { state: 'ok' | 'low' | 'full'; freeBytes: number; since: Millis } | null;
  };
  /** A silence alert stands. */
  silent: boolean;
  /** Fingerprints of its standing alerts, besides silence and failed rules. */
  standing?: readonly string[];
  /** Fingerprints of the standing alerts that a rule could not judge it. */
  failed?: readonly string[];
}

/** How long a camera's picture was there, or was not. Runs follow each other without gaps. */
export interface PictureRun {
  /** `off`: nobody wants it, nothing is known of it; `unknown`: whoever would know does not answer. */
  picture: 'live' | 'lost' | 'off' | 'unknown';
  from: Millis;
  /** What was told last within it, and since when that is so. */
  state: StreamState;
  stateSince: Millis;
  attempt: number | null;
  reason: string | null;
}

/** What a camera said of itself: from when on an alarm was on, or over. */
export interface CameraAlarm {
  on: boolean;
  /** Said once, by a camera that does not say when it is over. */
  moment: boolean;
  from: Millis;
  /** The camera's own words. */
  text: string;
}

/** What is known of a camera, folded by observed time from `stream.state` and `camera.event`. */
export interface CameraSeen {
  foldVersion: number;
  /** Order key of the last folded observation, to tell a late one. */
  lastOrder: string;
  picture: PictureRun[];
  alarms: Record<'tamper' | 'signal-loss', CameraAlarm[]>;
  /** The alarms that are on now, by the camera's own words. */
  active: Record<'tamper' | 'signal-loss', string[]>;
}

/** A camera, with what was told of it. */
export interface CameraInput {
  type: 'camera';
  at: Millis;
  camera: {
    id: string;
    name: string;
    hall: string | null;
    counter: string | null;
    disabled: boolean;
    /** What is recorded of it by plan; null where nobody planned anything. */
    recording: RecordingPlan['mode'] | null;
  };
  region: Region;
  /** Null for a camera outside of any hall. */
  hall: Hall | null;
  calendars?: Calendars;
  seen: CameraSeen | null;
  /** Whoever tells of it is silent: what is known of it is of the past. */
  silent: boolean;
  /** Fingerprints of its standing alerts, as in CaseInput. */
  standing?: readonly string[];
  /** Its latest silences, where a person closed them, and since when they were true. */
  closed?: readonly { fingerprint: string; at: Millis }[];
}

export type EngineInput = CaseInput | SourceInput | GroupInput | CameraInput;

export type EngineChange =
  | {
      /** One for each clock of the case, with every look. A clock that was there before and does not come
       * (no acceptance any more, no limit) is void. */
      type: 'clock';
      caseId: string;
      clock: ClockProjection;
      rungs: RungProjection[];
      /** When the case must be looked at again for this clock; null when nothing is to come by itself. */
      nextAt: Millis | null;
    }
  /** The case has no clock, and must be looked at again at `at` all the same. */
  | { type: 'look'; caseId: string; at: Millis }
  /** One with every look: when the camera must be looked at again; null when nothing is to come by itself. */
  | { type: 'camera.look'; camera: string; at: Millis | null }
  /** The rung may have stood before and been rescinded: (clock, rung) is unique among standing cards only. */
  | { type: 'card.issued'; caseId: string; card: Card; explanation: CardExplanation; alert: NewAlert }
  | {
      type: 'card.rescinded';
      caseId: string;
      clockId: string;
      rung: Rung;
      at: Millis;
      reason: Sentence;
      fingerprint: string;
    }
  | { type: 'alert.raised'; alert: NewAlert }
  | {
      type: 'alert.rescinded';
      fingerprint: string;
      at: Millis;
      reason: Sentence;
      /** Also where a person has closed it: it is told anew when it returns. */
      evenClosed?: boolean;
    };
