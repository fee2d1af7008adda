import { caseOfEvent, isCaseEvent, type StoredObservation } from '@mingjing/contracts';
import type { CaseState } from '../model.ts';
import { applyCorrections } from './corrections.ts';
import { orderKey } from './order.ts';
import { step } from './steps.ts';

/** Raised whenever the fold would make anything otherwise of the same events. */
export const FOLD_VERSION = 4;

function newCase(event: StoredObservation): CaseState {
  const data = event.data as { region: string; caseNo?: string; complaint?: string };
  // A complaint that names neither case nor number belongs to no case: whoever groups events left it out.
  const { caseId, caseNo } = caseOfEvent(data) ?? { caseId: '', caseNo: '' };
  return {
    foldVersion: FOLD_VERSION,
    caseId,
    caseNo,
    region: data.region,
    department: null,
    hall: null,
    counter: null,
    officer: null,
    matter: null,
    title: null,
    applicant: null,
    channel: null,
    limit: null,
    status: 'submitted',
    stage: null,
    submittedAt: null,
    submittedReceivedAt: null,
    submittedSource: null,
    acceptedAt: null,
    acceptedReceivedAt: null,
    acceptedSource: null,
    toldBesideAcceptanceAt: null,
    acceptedBy: null,
    endedAt: null,
    endedBy: null,
    decidedBy: null,
    deliveredAt: null,
    outcome: null,
    refusalReason: null,
    stages: [],
    suspensions: [],
    extensions: [],
    proceedings: [],
    scannedAt: null,
    eventCount: 0,
    correctionCount: 0,
    lastEventAt: event.observedAt,
    lastOrder: '',
  };
}

/** Folds one event in place that comes after all that were folded. */
function advance(state: CaseState, event: StoredObservation, order: string): void {
  if (!isCaseEvent(event.kind)) return;
  step(state, event.kind, event);
  state.lastEventAt = event.observedAt;
  state.lastOrder = order;
}

/**
 * When its acceptance was first told of: one that its source took back and sent anew was known before. In ms since
 * the epoch.
 */
function firstTold(
  { acceptedReceivedAt, acceptedSource }: CaseState,
  all: StoredObservation[],
): number | null {
  if (acceptedReceivedAt === null) return null;
  const told = all.filter(({ kind, source }) => kind === 'case.accepted' && source === acceptedSource);
  return Math.min(acceptedReceivedAt, ...told.map(({ receivedAt }) => receivedAt));
}

/**
 * The state of a case from all events that the centre holds of it, in order of observed time, then of a
 * case's life, then source and id: the order in which they arrived changes nothing. What a `case.corrected`
 * takes back is left out, or put at its true time. Events that are no case events are passed over, and
 * (source, id) counts once.
 * @param events all of one case; their data has been checked against the schemas at the door
 * @returns null when there is no event of a case among them. Of a case all of whose events were taken back a
 *   state remains, `withdrawn` and without dates, so that what was issued for it can be rescinded.
 */
export function foldCase(events: StoredObservation[]): CaseState | null {
  const unique = new Map<string, StoredObservation>();
  for (const event of events) {
    if (isCaseEvent(event.kind)) unique.set(JSON.stringify([event.source, event.id]), event);
  }
  const all = [...unique.values()];
  const ordered = applyCorrections(all)
    .map((event) => ({ event, order: orderKey(event) }))
    .sort((a, b) => (a.order < b.order ? -1 : 1));
  const [first] = ordered;
  if (!first) return null;
  const state = newCase(first.event);
  for (const { event, order } of ordered) advance(state, event, order);
  if (ordered.every(({ event }) => event.kind === 'case.corrected')) state.status = 'withdrawn';
  state.eventCount = all.length;
  state.correctionCount = all.filter((event) => event.kind === 'case.corrected').length;
  if (state.correctionCount > 0) state.acceptedReceivedAt = firstTold(state, all);
  return state;
}

/**
 * Folds one more event into a state, without the others at hand.
 * @param state as left by foldCase or applyEvent; null for a case of which the centre holds no event
 * @returns a new state, equal to what foldCase makes of all events together; 'refold' when that cannot be
 *   told from here: the event is a correction or meets one, is late, or was folded before, or the state was made
 *   by an earlier version of the fold. An event that is
 *   no case event gives the state back unchanged.
 */
export function applyEvent(state: CaseState | null, event: StoredObservation): CaseState | null | 'refold' {
  if (!isCaseEvent(event.kind)) return state;
  if (event.kind === 'case.corrected') return 'refold';
  const order = orderKey(event);
  if (state && (state.foldVersion !== FOLD_VERSION || state.correctionCount > 0 || order <= state.lastOrder))
    return 'refold';
  const next = state ? { ...state } : newCase(event);
  advance(next, event, order);
  next.eventCount += 1;
  return next;
}
