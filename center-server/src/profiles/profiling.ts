import type { Profiles } from '@mingjing/rules';
import { isDeepStrictEqual } from 'node:util';
import type { Running } from '../lifecycle.ts';
import type { Effects } from '../pipeline/effects.ts';
import { inTransaction } from '../store/database.ts';
import { currentProfiles } from '../store/profiles/currentProfiles.ts';
import { putProfiles } from '../store/profiles/putProfiles.ts';
import { judgeGroups } from './judgeGroups.ts';
import { learn, type LearnDeps } from './learn.ts';

const MINUTE_MS = 60_000;
/** How old profiles may become. */
const EVERY_MS = 6 * 60 * MINUTE_MS;
/** While few cases are known, each hour adds much to what can be told. */
const YOUNG_CASES = 2000;
const YOUNG_EVERY_MS = 2 * MINUTE_MS;

export interface Profiling extends Running {
  /** Learns when it is time to, keeps what is new, and judges officers and departments by it. */
  look(): Promise<void>;
}

/** Whether a version adds nothing to the one before. */
function isSame(learned: Profiles, before: Profiles | undefined): boolean {
  return before !== undefined && isDeepStrictEqual({ ...learned, version: before.version }, before);
}

/**
 * Learns from closed cases now and again, and keeps it in the store, from where every rulebook reads it: a
 * restart judges by it at once.
 * @param publish told of the alerts that changed
 */
export function startProfiling(deps: LearnDeps, publish: (effects: Effects) => void): Profiling {
  const { pool, rules, log, now } = deps;
  /** When this centre learned last, also what was nothing new. */
  let lookedAt = -Infinity;
  /** The ruleset by which officers and departments were judged last. */
  let judgedBy: number | null = null;

  async function look(): Promise<void> {
    const stored = await currentProfiles(pool);
    const { version } = rules.ruleset();
    // After a start too: a centre may have died between learning and judging.
    if (stored && judgedBy !== version) {
      const effects = await judgeGroups(deps, stored.profiles);
      judgedBy = version;
      if (effects.alerts.length > 0) publish(effects);
    }
    const young = (stored?.profiles.cases ?? 0) < YOUNG_CASES;
    if (now() - Math.max(lookedAt, stored?.learnedAt ?? -Infinity) < (young ? YOUNG_EVERY_MS : EVERY_MS))
      return;
    const learned = await learn(deps);
    lookedAt = now();
    if (learned.cases + (stored?.profiles.cases ?? 0) === 0 || isSame(learned, stored?.profiles)) return;
    const profiles = await inTransaction(pool, (client) => putProfiles(client, learned, now()));
    await rules.reload?.();
    const effects = await judgeGroups(deps, profiles);
    if (effects.alerts.length > 0) publish(effects);
    log.info({ version: profiles.version, cases: profiles.cases }, 'learned from closed cases');
  }

  let running: Promise<void> = Promise.resolve();
  const guarded = (): Promise<void> =>
    (running = running.then(look).catch((error: unknown) => {
      log.error({ err: error }, 'learning from closed cases failed and will be tried again');
    }));
  const timer = setInterval(() => void guarded(), MINUTE_MS);
  void guarded();
  return {
    look: guarded,
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
