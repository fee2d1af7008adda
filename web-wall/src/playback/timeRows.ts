import type { AlertKind, RecordedSpan } from '@mingjing/contracts';

/** A row of a time line: what there is of something, span by span; a span may have words of its own. */
export interface TimeRow {
  key: string;
  label: string;
  tone: 'recorded' | 'stage';
  /** What recorded it: there are pictures of it. */
  of?: { kind: 'camera' | 'screen'; id: string };
  spans: readonly (RecordedSpan & { label?: string })[];
}

/** Something that happened at an instant. */
export interface TimeMark {
  key: string;
  at: number;
  kind: AlertKind | 'event';
  /** What kind of thing it is, and what happened. */
  word: string;
  text: string;
}
