import { parseInstant, type CaseEventData, type StoredObservation } from '@mingjing/contracts';
import { orderKey } from './order.ts';

function keyOf(source: string, id: string): string {
  return JSON.stringify([source, id]);
}

/**
 * Carries out corrections (更正): an event that one of the same source takes back is left out, or put at its
 * true time where the correction gives one. Of several corrections of one event the last one holds. A
 * correction can itself be taken back by a later one.
 * @param events each (source, id) once, in any order
 * @returns what is left to fold, corrections included, in no particular order
 */
export function applyCorrections(events: StoredObservation[]): StoredObservation[] {
  const corrections = events
    .filter((event) => event.kind === 'case.corrected')
    .map((event) => ({ event, order: orderKey(event), data: event.data as CaseEventData['case.corrected'] }))
    .sort((a, b) => (a.order < b.order ? 1 : -1));
  if (corrections.length === 0) return events;
  // From the last to the first: whether one holds is known once all later ones have been seen.
  const holding = new Map<string, { order: string; time: string | undefined }>();
  const takenBack = (event: StoredObservation, order: string): boolean => {
    const by = holding.get(keyOf(event.source, event.id));
    return by !== undefined && by.order > order;
  };
  for (const { event, order, data } of corrections) {
    const target = keyOf(event.source, data.corrects);
    if (!takenBack(event, order) && !holding.has(target)) holding.set(target, { order, time: data.time });
  }
  const left: StoredObservation[] = [];
  for (const event of events) {
    const by = holding.get(keyOf(event.source, event.id));
    if (event.kind === 'case.corrected') {
      if (!by || by.order <= orderKey(event)) left.push(event);
    } else if (!by) left.push(event);
    else if (by.time !== undefined) left.push({ ...event, observedAt: parseInstant(by.time) });
  }
  return left;
}

/** The events that a correction took back, or moved to another time: the case page shows them so. */
export function voidedEvents(events: StoredObservation[]): Set<StoredObservation> {
  const left = new Set(applyCorrections(events));
  return new Set(events.filter((event) => !left.has(event)));
}
