import type { Card, Millis, Ruleset, StoredObservation } from '@mingjing/contracts';
import type { Calendars } from '../clock/calendars.ts';
import { caseInputOf, type CaseDirectory } from '../engine/caseInput.ts';
import { evaluate } from '../engine/evaluate.ts';
import { applyEvent, foldCase } from '../fold/foldCase.ts';
import { orderKey } from '../fold/order.ts';
import type { CaseInput, CaseState, EngineChange } from '../model.ts';
import type { Profiles } from '../profile/profiles.ts';
import type { Rule } from '../rule.ts';
import { shippedRules } from '../rules/registry.ts';

/** What a history is judged by and looked up in. */
export interface HistoryWorld {
  ruleset: Ruleset;
  directory: CaseDirectory;
  calendars: Calendars;
  rules?: readonly Rule[];
  /** What was learned from closed cases; rules that need it cannot tell without. */
  profiles?: Profiles | null;
}

const NONE: ReadonlyMap<string, Millis> = new Map();
const NO_FINGERPRINTS: readonly string[] = [];

/** A rung of a clock: what a card is known by while it stands. */
export function cardKey({ clockId, rung }: Pick<Card, 'clockId' | 'rung'>): string {
  return `${clockId}|${rung}`;
}

/** Events in the order of folding, each (source, id) once. */
export function inOrder(events: readonly StoredObservation[]): StoredObservation[] {
  const unique = new Map<string, { event: StoredObservation; order: string }>();
  for (const event of events) {
    const key = JSON.stringify([event.source, event.id]);
    if (!unique.has(key)) unique.set(key, { event, order: orderKey(event) });
  }
  return [...unique.values()].sort((a, b) => (a.order < b.order ? -1 : 1)).map(({ event }) => event);
}

/**
 * One case on virtual time: its events in order, and between them the looks that its clocks ask for. The same
 * fold and the same evaluation as the live centre's; what stands is kept here in the store's place.
 */
export class CaseRun {
  readonly #world: HistoryWorld;
  #state: CaseState | null = null;
  #cards: readonly Card[] = [];
  /** Standing alerts that are not cards: since when each is true, by fingerprint. */
  #alerts: ReadonlyMap<string, Millis> = NONE;
  #nextAt: Millis | null = null;

  constructor(world: HistoryWorld) {
    this.#world = world;
  }

  get state(): CaseState | null {
    return this.#state;
  }

  get cards(): readonly Card[] {
    return this.#cards;
  }

  get alerts(): ReadonlyMap<string, Millis> {
    return this.#alerts;
  }

  /** When the case must be looked at again; null when nothing is to come by itself. */
  get nextAt(): Millis | null {
    return this.#nextAt;
  }

  /**
   * Takes the next event in order and judges the case as of then.
   * @param known all events up to this one, asked for only where the fold needs them (corrections)
   */
  apply(event: StoredObservation, known: () => StoredObservation[]): EngineChange[] {
    const next = applyEvent(this.#state, event);
    this.#state = next === 'refold' ? foldCase(known()) : next;
    return this.look(event.observedAt);
  }

  /** What the engine is told of the case at an instant; undefined where its region is not known. */
  inputAt(at: Millis): CaseInput | undefined {
    if (!this.#state) return undefined;
    const { directory, calendars, profiles = null } = this.#world;
    const standing = this.#alerts.size === 0 ? NO_FINGERPRINTS : [...this.#alerts.keys()];
    const input = caseInputOf(directory, calendars, { state: this.#state, cards: this.#cards, standing }, at);
    return input && profiles ? { ...input, profiles } : input;
  }

  /** Judges the case as of an instant, ms since the epoch. */
  look(at: Millis): EngineChange[] {
    this.#nextAt = null;
    const input = this.inputAt(at);
    if (!input) return [];
    const changes = evaluate(input, this.#world.ruleset, this.#world.rules ?? shippedRules);
    for (const change of changes) this.#keep(change);
    return changes;
  }

  #keep(change: EngineChange): void {
    switch (change.type) {
      case 'clock':
        if (change.nextAt !== null && (this.#nextAt === null || change.nextAt < this.#nextAt))
          this.#nextAt = change.nextAt;
        return;
      case 'look':
        this.#nextAt = change.at;
        return;
      case 'camera.look':
        return;
      case 'card.issued':
        this.#cards = [...this.#cards, change.card];
        return;
      case 'card.rescinded':
        this.#cards = this.#cards.filter((card) => cardKey(card) !== cardKey(change));
        return;
      case 'alert.raised':
        this.#alerts = new Map(this.#alerts).set(change.alert.fingerprint, change.alert.at);
        return;
      case 'alert.rescinded': {
        const left = new Map(this.#alerts);
        left.delete(change.fingerprint);
        this.#alerts = left.size === 0 ? NONE : left;
      }
    }
  }
}

/** What is told of a case as it runs, and when. */
export type OnChanges = (changes: EngineChange[], at: Millis) => void;

/**
 * Runs a whole case through time: each event in order, and before it the looks that fell due until then.
 * @param ordered as `inOrder` leaves them; those observed after `until` are not known yet
 * @param until the last instant that is looked at, ms since the epoch
 */
export function runCase(
  world: HistoryWorld,
  ordered: StoredObservation[],
  until: Millis,
  onChanges: OnChanges,
): CaseRun {
  const run = new CaseRun(world);
  const lookBefore = (end: Millis): void => {
    for (let at = run.nextAt; at !== null && at < end; at = run.nextAt) onChanges(run.look(at), at);
  };
  for (const [index, event] of ordered.entries()) {
    if (event.observedAt > until) break;
    lookBefore(event.observedAt);
    onChanges(
      run.apply(event, () => ordered.slice(0, index + 1)),
      event.observedAt,
    );
  }
  lookBefore(until + 1);
  return run;
}

export type IssuedCard = Extract<EngineChange, { type: 'card.issued' }>;
export type RaisedAlert = Extract<EngineChange, { type: 'alert.raised' }>;

/** What stands of a case at the end of a run, with the changes that told of it. */
export interface Standing {
  run: CaseRun;
  /** By clock and rung. */
  cards: Map<string, IssuedCard>;
  /** By fingerprint. */
  alerts: Map<string, RaisedAlert>;
}

/** Runs a whole case through time, as runCase, and gives what stands at the end. */
export function standingOf(world: HistoryWorld, ordered: StoredObservation[], until: Millis): Standing {
  const cards = new Map<string, IssuedCard>();
  const alerts = new Map<string, RaisedAlert>();
  const run = runCase(world, ordered, until, (changes) => {
    for (const change of changes) {
      if (change.type === 'card.issued') cards.set(cardKey(change.card), change);
      else if (change.type === 'card.rescinded') cards.delete(cardKey(change));
      else if (change.type === 'alert.raised') alerts.set(change.alert.fingerprint, change);
      else if (change.type === 'alert.rescinded') alerts.delete(change.fingerprint);
    }
  });
  return { run, cards, alerts };
}
