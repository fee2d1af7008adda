import {
  caseOfEvent,
  isCaseEvent,
  type Card,
  type Millis,
  type StoredObservation,
} from '@mingjing/contracts';
import { orderKey } from '../fold/order.ts';
import type { EngineChange } from '../model.ts';
import { CaseRun, inOrder, standingOf, type HistoryWorld } from './caseRun.ts';
import { Heap } from './heap.ts';
import { lateChanges } from './lateEvent.ts';

export interface HistoryOptions extends HistoryWorld {
  /** 乱序容限: how much later than others an observation may come and still be taken in order; 0 by default. */
  latenessMs?: Millis;
  /**
   * Gives all events of a case that were taken so far, each (source, id) once. With it the engine keeps no
   * events itself, and what it takes must have been deduplicated, as at the door of the centre.
   */
  eventsOf?: (caseId: string) => readonly StoredObservation[];
}

interface HeldCase {
  run: CaseRun;
  /** What was applied of it; null where the caller keeps the events. */
  events: StoredObservation[] | null;
  /** The look that waits for it. */
  planned: Millis | null;
}

interface Waiting {
  order: string;
  caseId: string;
  event: StoredObservation;
}

interface Look {
  at: Millis;
  caseId: string;
}

function caseIdOf({ kind, data }: StoredObservation): string | undefined {
  if (!isCaseEvent(kind)) return undefined;
  return caseOfEvent(data as { region: string; caseNo?: string; complaint?: string })?.caseId;
}

/**
 * The rules engine over a history, on virtual time: observations in, changes out; pure, in memory.
 *
 * Time is what the observations say. An observation waits until all that was observed before it must have come:
 * until one more than `latenessMs` younger has been taken, or `advanceTo` says so. Then all are applied in the order of
 * folding, and between them every look that a clock asked for, each at its own instant. So the same history gives
 * the same changes, byte by byte, whatever the order of arrival within the bound. What comes later than that
 * runs its case anew from the beginning; what the truth does not support is taken back, what it demands is issued.
 *
 * Only events of cases count; other observations are passed over.
 */
export class HistoryEngine {
  readonly #options: HistoryOptions;
  readonly #latenessMs: Millis;
  readonly #cases = new Map<string, HeldCase>();
  readonly #waiting = new Heap<Waiting>((a, b) => a.order < b.order);
  readonly #looks = new Heap<Look>((a, b) => a.at < b.at || (a.at === b.at && a.caseId < b.caseId));
  /** Up to and including this instant everything has been applied and looked at. */
  #through = -Infinity;

  /** @throws RangeError for a bound that is no number from 0 */
  constructor(options: HistoryOptions) {
    const { latenessMs = 0 } = options;
    if (!(latenessMs >= 0)) throw new RangeError(`latenessMs is ${latenessMs}: expected a number from 0`);
    this.#options = options;
    this.#latenessMs = latenessMs;
  }

  /**
   * Takes an observation, whenever it was observed. One that was taken before changes nothing.
   * @returns the changes of all that can now be decided
   * @throws RangeError when the ruleset itself is wrong
   */
  take(observation: StoredObservation): EngineChange[] {
    const caseId = caseIdOf(observation);
    if (caseId === undefined) return [];
    const changes: EngineChange[] = [];
    const { observedAt } = observation;
    if (observedAt <= this.#through) this.#takeLate(caseId, observation, changes);
    else {
      this.#waiting.push({ order: orderKey(observation), caseId, event: observation });
      this.#proceed(observedAt - this.#latenessMs - 1, changes);
    }
    return changes;
  }

  /**
   * Lets time pass without an observation, as a clock on the wall does.
   * @param instant ms since the epoch; what was observed by then may still come for `latenessMs`
   * @returns the changes of what was observed and fell due up to `instant - latenessMs`, that instant included
   */
  advanceTo(instant: Millis): EngineChange[] {
    const changes: EngineChange[] = [];
    this.#proceed(instant - this.#latenessMs, changes);
    return changes;
  }

  /** Takes it that nothing more comes of before `at`: applies and looks at all up to then, that instant included. */
  finish(at: Millis): EngineChange[] {
    const changes: EngineChange[] = [];
    this.#proceed(at, changes);
    return changes;
  }

  /** The cards and alerts that stand, in the order of cases' ids: cards by instant, clock and rung. */
  standing(): { cards: Card[]; alerts: string[] } {
    const ids = [...this.#cases.keys()].sort();
    const runs = ids.flatMap((id) => this.#cases.get(id)?.run ?? []);
    const key = ({ at, clockId, rung }: Card): string => `${at} ${clockId} ${rung}`;
    return {
      cards: runs.flatMap(({ cards }) => [...cards].sort((a, b) => (key(a) < key(b) ? -1 : 1))),
      alerts: runs.flatMap(({ alerts }) => [...alerts.keys()].sort()),
    };
  }

  /** Applies what waits and looks at what falls due, in order of time, up to and including an instant. */
  #proceed(through: Millis, into: EngineChange[]): void {
    if (through <= this.#through) return;
    for (;;) {
      const eventAt = this.#waiting.peek()?.event.observedAt ?? Infinity;
      const lookAt = this.#looks.peek()?.at ?? Infinity;
      if (Math.min(eventAt, lookAt) > through) break;
      // What is observed at the very instant is known when it is looked at.
      if (lookAt < eventAt) this.#lookNext(into);
      else this.#applyNext(into);
    }
    this.#through = through;
  }

  #applyNext(into: EngineChange[]): void {
    const next = this.#waiting.pop();
    if (!next) return;
    const { caseId, event } = next;
    const held = this.#held(caseId);
    if (held.events?.some(({ source, id }) => source === event.source && id === event.id)) return;
    held.events?.push(event);
    this.#tell(
      held.run.apply(event, () => this.#knownEvents(caseId, held, event)),
      into,
    );
    this.#plan(caseId, held);
  }

  #lookNext(into: EngineChange[]): void {
    const look = this.#looks.pop();
    const held = look && this.#cases.get(look.caseId);
    // A look that was planned before something changed its time is not due.
    if (!held || held.run.nextAt !== look.at) return;
    this.#tell(held.run.look(look.at), into);
    this.#plan(look.caseId, held);
  }

  #takeLate(caseId: string, event: StoredObservation, into: EngineChange[]): void {
    const held = this.#held(caseId);
    const { events } = held;
    if (events?.some(({ source, id }) => source === event.source && id === event.id)) return;
    events?.push(event);
    const known = inOrder(this.#eventsOf(caseId, held)).filter(
      ({ observedAt }) => observedAt <= this.#through,
    );
    const truth = standingOf(this.#options, known, this.#through);
    this.#tell(lateChanges(this.#options, held.run, truth, this.#through), into);
    held.run = truth.run;
    if (events) held.events = known;
    this.#plan(caseId, held);
  }

  #held(caseId: string): HeldCase {
    let held = this.#cases.get(caseId);
    if (!held) {
      held = { run: new CaseRun(this.#options), events: this.#options.eventsOf ? null : [], planned: null };
      this.#cases.set(caseId, held);
    }
    return held;
  }

  #eventsOf(caseId: string, { events }: HeldCase): readonly StoredObservation[] {
    return events ?? this.#options.eventsOf?.(caseId) ?? [];
  }

  /** The events of a case up to and including one, in order. */
  #knownEvents(caseId: string, held: HeldCase, last: StoredObservation): StoredObservation[] {
    const order = orderKey(last);
    return inOrder(this.#eventsOf(caseId, held)).filter((event) => orderKey(event) <= order);
  }

  #plan(caseId: string, held: HeldCase): void {
    const at = held.run.nextAt;
    if (at !== null && at !== held.planned) this.#looks.push({ at, caseId });
    held.planned = at;
  }

  #tell(changes: EngineChange[], into: EngineChange[]): void {
    for (const change of changes) into.push(change);
  }
}
