import type { CaseEventKind, StoredObservation } from '@mingjing/contracts';

/**
 * In which order events of one instant are folded: as a case lives. A stage that starts and ends within one
 * timestamp starts first; a suspension that does, begins first.
 */
const LIFECYCLE: Record<CaseEventKind, string> = {
  'case.submitted': '00',
  'case.accepted': '01',
  'case.extended': '02',
  'case.stage.started': '03',
  'case.stage.completed': '04',
  'case.suspended': '05',
  'case.resumed': '06',
  'case.decided': '07',
  'case.withdrawn': '08',
  'case.delivered': '09',
  'case.corrected': '10',
  'barcode.scanned': '11',
  'order.issued': '12',
  'order.answered': '13',
  'complaint.filed': '14',
  'complaint.answered': '15',
  'appeal.filed': '16',
  'appeal.decided': '17',
};

/** Makes every instant since the year 1653 a positive number of 14 digits. */
const SHIFT = 10_000_000_000_000;
/** Ends the source's name in a key. NUL is no storable text; this is, and is escaped where it occurs. */
const END = '\u0001';

function terminated(text: string): string {
  return (text.includes(END) ? text.replaceAll(END, `${END}\u0003`) : text) + END + '\u0002';
}

/**
 * A key whose text order is the order of folding: observed time, then the kind's place in a case's life,
 * then source, then id. When an event arrived plays no part.
 */
export function orderKey(event: Pick<StoredObservation, 'observedAt' | 'kind' | 'source' | 'id'>): string {
  const rank = LIFECYCLE[event.kind as CaseEventKind] as string | undefined;
  return `${SHIFT + event.observedAt}${rank ?? '99'}${terminated(event.source)}${event.id}`;
}
