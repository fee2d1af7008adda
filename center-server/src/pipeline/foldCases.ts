import { caseOfEvent, isCaseEvent, type StoredObservation } from '@mingjing/contracts';
import { applyEvent, FOLD_VERSION, foldCase, type CaseState } from '@mingjing/rules';
import type { Client } from '../store/database.ts';
import { loadCases, type HeldCase } from '../store/cases/loadCases.ts';
import { readCaseEvents } from '../store/observations/readObservations.ts';
import { saveCases, type SavedCase } from '../store/cases/saveCases.ts';
import { tokenSource } from './catchUp.ts';

/** A case as a batch leaves it, beside what stood before. */
export interface FoldedCase extends SavedCase {
  held: HeldCase | undefined;
  /** The kind and time of the last event of the batch. */
  last: StoredObservation;
}

/** The events of each case; what belongs to none (a complaint without any number) is left out. */
function caseEventsOf(batch: StoredObservation[]): Map<string, StoredObservation[]> {
  const byCase = new Map<string, StoredObservation[]>();
  for (const event of batch) {
    if (!isCaseEvent(event.kind)) continue;
    const caseId = caseOfEvent(event.data as { region: string; caseNo?: string; complaint?: string })?.caseId;
    if (caseId === undefined) continue;
    const events = byCase.get(caseId);
    if (events) events.push(event);
    else byCase.set(caseId, [event]);
  }
  return byCase;
}

/** Applies events one by one; 'refold' as soon as one comes late or corrects another. */
function applyAll(state: CaseState | null, events: StoredObservation[]): CaseState | null | 'refold' {
  let current = state;
  for (const event of events) {
    const next = applyEvent(current, event);
    if (next === 'refold') return 'refold';
    current = next;
  }
  return current;
}

/**
 * Folds the case events of a batch into their cases. Events in order extend the held state; a late event
 * or a correction folds the whole case anew from the store.
 */
export async function foldCases(client: Client, batch: StoredObservation[]): Promise<FoldedCase[]> {
  const byCase = caseEventsOf(batch);
  if (byCase.size === 0) return [];
  const held = await loadCases(client, [...byCase.keys()]);
  const folded = new Map<string, CaseState | null>();
  const anew: string[] = [];
  for (const [caseId, events] of byCase) {
    const state = applyAll(held.get(caseId)?.state ?? null, events);
    if (state === 'refold') anew.push(caseId);
    else folded.set(caseId, state);
  }
  if (anew.length > 0) {
    const upTo = batch.at(-1)?.seq ?? 0;
    const whole = await readCaseEvents(client, anew);
    // What was stored after this batch belongs to the next one.
    for (const caseId of anew)
      folded.set(caseId, foldCase((whole.get(caseId) ?? []).filter(({ seq }) => seq <= upTo)));
  }
  const result: FoldedCase[] = [];
  for (const [caseId, events] of byCase) {
    const state = folded.get(caseId);
    const last = events.at(-1);
    if (!state || !last) continue;
    const before = held.get(caseId);
    result.push({
      state,
      source: before?.source ?? tokenSource(last.source),
      seq: last.seq,
      held: before,
      last,
    });
  }
  return result;
}

/** Folds anew the cases whose held state an earlier version of the fold has made. */
export async function renewOutdated(
  client: Client,
  held: Map<string, HeldCase>,
): Promise<Map<string, HeldCase>> {
  const outdated = [...held].filter(([, { state }]) => state.foldVersion !== FOLD_VERSION).map(([id]) => id);
  if (outdated.length === 0) return held;
  const renewed: SavedCase[] = [];
  const events = await readCaseEvents(client, outdated);
  for (const caseId of outdated) {
    const [one, all] = [held.get(caseId), events.get(caseId) ?? []];
    const state = foldCase(all);
    if (!one || !state) continue;
    one.state = state;
    renewed.push({ state, source: one.source, seq: Math.max(...all.map(({ seq }) => seq)) });
  }
  await saveCases(client, renewed);
  return held;
}
