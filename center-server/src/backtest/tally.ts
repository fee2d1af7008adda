import {
  rungSchema,
  type BacktestCount,
  type BacktestDifference,
  type Millis,
  type Rung,
} from '@mingjing/contracts';
import { shippedRules, type CaseState, type HistoryWorld, type Standing } from '@mingjing/rules';
import type { Issued } from '../store/backtest/readIssued.ts';
import type { BacktestJob } from './request.ts';
import { whyNot } from './whyNot.ts';

/** The most differences of either kind that are told one by one. */
const MOST_TOLD = 1000;

/** Rules that judge one case and issue no cards: of alerts, only what they told can be compared. */
const ALERTING = new Set(
  shippedRules.filter((rule) => rule.subject === 'case' && !rule.cards).map(({ id }) => id),
);

/** What was told, by the centre or in the trial: a card where it has a rung. */
interface Told extends Pick<Issued, 'rule' | 'kind' | 'at' | 'title' | 'reason'> {
  rung: Rung | null;
}

function wouldBe({ cards, alerts }: Standing): Map<string, Told> {
  const told = new Map<string, Told>();
  for (const { card, alert } of cards.values()) told.set(alert.fingerprint, { ...alert, rung: card.rung });
  for (const { alert } of alerts.values())
    if (ALERTING.has(alert.rule)) told.set(alert.fingerprint, { ...alert, rung: null });
  return told;
}

/** Counts, case by case, what the ruleset tried and the live centre decided otherwise. */
export class Tally {
  readonly more: BacktestDifference[] = [];
  readonly fewer: BacktestDifference[] = [];
  readonly #counts = new Map<string, BacktestCount>();
  readonly #world: HistoryWorld;
  readonly #job: BacktestJob;

  constructor(world: HistoryWorld, job: BacktestJob) {
    this.#world = world;
    this.#job = job;
  }

  /** The counts, cards first, mildest rung first. */
  counts(): BacktestCount[] {
    const order = [...rungSchema.options, ...shippedRules.map(({ id }) => id)];
    return [...this.#counts.values()].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  }

  /** Compares one case: what the trial leaves standing with what the centre issued. */
  add(state: CaseState, truth: Standing, issued: Issued[]): void {
    const would = wouldBe(truth);
    const were = new Set<string>();
    for (const one of issued) {
      if ((one.card === null && !ALERTING.has(one.rule)) || !this.#inTime(one.at)) continue;
      were.add(one.fingerprint);
      const after = would.get(one.fingerprint);
      this.#addIssued(state, truth, one, after !== undefined && this.#inTime(after.at));
    }
    for (const [fingerprint, told] of would) {
      if (!this.#inTime(told.at)) continue;
      const count = this.#count(told);
      count.would += 1;
      if (were.has(fingerprint)) continue;
      count.more += 1;
      this.#tell(this.more, state, told);
    }
  }

  #addIssued(state: CaseState, truth: Standing, one: Issued, stays: boolean): void {
    const told = { ...one, rung: one.card?.rung ?? null };
    const count = this.#count(told);
    count.issued += 1;
    if (stays) return;
    const reason = whyNot(this.#world, truth, one, this.#job.asOf);
    // What cannot be judged from a case alone is taken as unchanged.
    if (reason === null) {
      count.would += 1;
      return;
    }
    count.fewer += 1;
    this.#tell(this.fewer, state, { ...told, reason });
  }

  #inTime(at: Millis): boolean {
    return at >= this.#job.from && at < this.#job.to;
  }

  #count({ rung, rule }: Told): BacktestCount {
    const name = rung ?? rule;
    let count = this.#counts.get(name);
    if (!count) {
      count = { name, issued: 0, would: 0, more: 0, fewer: 0 };
      this.#counts.set(name, count);
    }
    return count;
  }

  #tell(into: BacktestDifference[], { caseId, caseNo, region }: CaseState, told: Told): void {
    if (into.length >= MOST_TOLD) return;
    const { rule, rung, kind, at, title, reason } = told;
    into.push({ caseId, caseNo, region, rule, rung, kind, at, title, reason });
  }
}
