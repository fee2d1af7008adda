import { routeDue, type RoutingDeps } from '../../center-server/src/alerting/step.ts';
import type { Directory } from '../../center-server/src/directory.ts';
import { CatchUp } from '../../center-server/src/pipeline/catchUp.ts';
import { stepCameras } from '../../center-server/src/pipeline/stepCameras.ts';
import {
  stepDue,
  stepObservations,
  stepSources,
  type StepDeps,
} from '../../center-server/src/pipeline/step.ts';
import { stepRejudging } from '../../center-server/src/pipeline/stepRejudging.ts';
import { openRulebook, type Rulebook } from '../../center-server/src/rulebook.ts';
import type { Pool } from '../../center-server/src/store/database.ts';

/** Soon after something was told it is looked again: a source that told of the past is through by then. */
const SOON_MS = 6000;

/** Whatever comes next by itself: a clock that reaches a rung, a camera, a source that falls silent, a ruleset whose time comes. */
const NEXT = `
  SELECT (extract(epoch FROM least(
    (SELECT min(next_at) FROM due_look WHERE next_at > to_timestamp($1 / 1000.0)),
    (SELECT min(silent_from) FROM (
       SELECT coalesce(last_seen_at, created_at) + expect_every_seconds * interval '1 s' + interval '1 ms' AS silent_from
       FROM source WHERE expect_every_seconds > 0) AS watched WHERE silent_from > to_timestamp($1 / 1000.0)),
    (SELECT min(next_at) FROM camera_watch WHERE next_at > to_timestamp($1 / 1000.0)),
    -- Soon after a source is heard again, its cameras are looked at.
    (SELECT min(heard) FROM (SELECT changed_at + interval '60 s' AS heard FROM alert WHERE kind = 'silent' AND state = 'closed')
       AS back WHERE heard > to_timestamp($1 / 1000.0)),
    (SELECT min(effective_from) FROM ruleset WHERE effective_from > to_timestamp($1 / 1000.0))
  )) * 1000)::float8 AS next`;

/** One engine: everything that a running centre does by itself, done when it is told to. */
export class Engine {
  readonly rules: Rulebook;
  readonly #deps: StepDeps & RoutingDeps;

  private constructor(deps: StepDeps & RoutingDeps, rules: Rulebook) {
    this.rules = rules;
    this.#deps = deps;
  }

  static async open(
    pool: Pool,
    directory: Directory,
    now: () => number,
    failed: (error: unknown) => void,
  ): Promise<Engine> {
    const rules = await openRulebook(pool, now, failed);
    return new Engine(
      {
        ...{ pool, directory, rules, now, catchUp: new CatchUp() },
        failed: (_alertId, error) => failed(error),
      },
      rules,
    );
  }

  /** Does whatever there is to be done now. */
  async work(): Promise<void> {
    const deps = this.#deps;
    await this.rules.look();
    while ((await stepObservations(deps)) !== null);
    while ((await stepRejudging(deps)) !== null);
    while ((await stepDue(deps)) !== null);
    await stepSources(deps);
    while ((await stepCameras(deps)) !== null);
    while ((await routeDue(deps)) !== null);
  }

  /** Looks once at the clocks that have fallen due, as a step of its own. */
  async lookAtClocks(): Promise<void> {
    await stepDue(this.#deps);
  }

  stop(): void {
    void this.rules.stop();
  }
}

/** The clock that only the story moves. */
export class Time {
  now: number;
  readonly #pool: Pool;
  #soon = Infinity;

  constructor(pool: Pool, start: number) {
    this.now = start;
    this.#pool = pool;
  }

  /** Something was told. */
  told(): void {
    this.#soon = this.now + SOON_MS;
  }

  /** Lets time pass, and an engine work whenever there may be something to do. */
  async passUntil(end: number, engine: Engine): Promise<void> {
    if (end < this.now) throw new Error(`a story goes forward: it is ${new Date(this.now).toISOString()}`);
    while (this.now < end) {
      const found = await this.#pool.query<{ next: number | null }>(NEXT, [this.now]);
      this.now = Math.min(end, this.#soon, found.rows[0]?.next ?? Infinity);
      if (this.now >= this.#soon) this.#soon = Infinity;
      await engine.work();
    }
  }
}
