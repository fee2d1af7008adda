import type { DeadLetter } from '@mingjing/contracts';

export const LETTER_COLUMNS =
  'd.id, d.source_id, d.received_at, d.event_id, d.kind, d.reason, d.body, d.replayed_at';

export interface LetterRow {
  id: number;
  source_id: string;
  received_at: Date;
  event_id: string | null;
  kind: string | null;
  reason: string;
  body: string;
  replayed_at: Date | null;
}

export function letterOf(row: LetterRow): DeadLetter {
  return {
    id: row.id,
    sourceId: row.source_id,
    receivedAt: row.received_at.getTime(),
    eventId: row.event_id,
    kind: row.kind,
    reason: row.reason,
    body: row.body,
    replayedAt: row.replayed_at?.getTime() ?? null,
  };
}
