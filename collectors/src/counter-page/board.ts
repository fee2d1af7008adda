import type { Millis } from '@mingjing/contracts';
import { parseInstant } from '@mingjing/contracts';
import type { City } from '../simulate/city.ts';
import type { TimedEvent } from '../simulate/script.ts';

/** One thing that happened to a case at a counter. */
export interface CounterStep {
  type: string;
  at: Millis;
  data: Record<string, unknown>;
}

/** A case as its counter holds it. */
export interface CounterCase {
  caseNo: string;
  steps: CounterStep[];
}

/** The most cases a counter keeps in hand; the one touched longest ago goes first. */
const IN_HAND = 12;

/**
 * What each watched counter works on, fed with the events that the play posts. Cases are kept in the
 * order in which they were touched, the latest last.
 */
export class CounterBoard {
  readonly #counters: Map<string, Map<string, CounterCase>>;

  constructor(city: City) {
    const watched = city.plan.screens.flatMap((screen) => screen.counter ?? []);
    this.#counters = new Map(watched.map((counter) => [counter, new Map<string, CounterCase>()]));
  }

  observe(events: readonly TimedEvent[]): void {
    for (const { event } of events) {
      const { counter, caseNo } = event.data;
      if (typeof counter !== 'string' || typeof caseNo !== 'string') continue;
      const cases = this.#counters.get(counter);
      if (!cases) continue;
      const known = cases.get(caseNo) ?? { caseNo, steps: [] };
      known.steps.push({ type: event.type, at: parseInstant(event.time), data: event.data });
      cases.delete(caseNo);
      cases.set(caseNo, known);
      const oldest = cases.keys().next();
      if (cases.size > IN_HAND && !oldest.done) cases.delete(oldest.value);
    }
  }

  /** The cases of a counter, the one touched last at the end. */
  casesAt(counter: string): CounterCase[] {
    return [...(this.#counters.get(counter)?.values() ?? [])];
  }
}
