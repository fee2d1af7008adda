import type { Ruleset } from '@mingjing/contracts';
import { compileRuleset, defaultRuleset } from '@mingjing/rules';
import type { Clock } from './clock.ts';
import type { Running } from './lifecycle.ts';
import type { Queryable } from './store/database.ts';
import { currentRuleset } from './store/ruleset/currentRuleset.ts';
import { publishRuleset } from './store/ruleset/publishRuleset.ts';

const LOOK_EVERY_MS = 10_000;

/** The ruleset in force, kept up to date while the centre runs. */
export interface Rulebook extends Running {
  current(): Ruleset;
}

/**
 * Loads the ruleset in force; a database that has none gets the default one. A newer version takes
 * effect within seconds; one that is wrong is refused and the one before stays.
 */
export async function openRulebook(
  db: Queryable,
  now: Clock,
  onError: (error: unknown) => void,
): Promise<Rulebook> {
  let ruleset = await currentRuleset(db, now());
  if (!ruleset) {
    await publishRuleset(db, defaultRuleset, 0, 'mingjing');
    ruleset = (await currentRuleset(db, now())) ?? defaultRuleset;
  }
  compileRuleset(ruleset);
  let inForce = ruleset;
  const look = async () => {
    const found = await currentRuleset(db, now());
    if (!found || found.version === inForce.version) return;
    compileRuleset(found);
    inForce = found;
  };
  const timer = setInterval(() => void look().catch(onError), LOOK_EVERY_MS);
  return { current: () => inForce, stop: () => clearInterval(timer) };
}
