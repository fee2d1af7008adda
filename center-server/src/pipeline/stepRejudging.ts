import { inTransaction } from '../store/database.ts';
import { loadCases } from '../store/cases/loadCases.ts';
import { silentSources } from '../store/sources/silentSources.ts';
import { takeRejudging } from '../store/rejudging/takeRejudging.ts';
import { noEffects, type Effects } from './effects.ts';
import { renewOutdated } from './foldCases.ts';
import { lockPipeline } from './freshen.ts';
import { judge, settle, type StepDeps } from './step.ts';

/** Fewer than of events: these wait behind one such step at most. */
const CHUNK = 500;

/**
 * Judges some of the cases anew that a change of rules, calendars, matters or opening hours concerns. A case
 * whose source is silent or catching up is judged as far as it has told; the rest comes when it is heard again.
 * @returns null when none waits
 */
export async function stepRejudging(deps: StepDeps, most = CHUNK): Promise<Effects | null> {
  return inTransaction(deps.pool, async (client) => {
    await lockPipeline(deps, client);
    const caseIds = await takeRejudging(client, Math.min(most, CHUNK));
    if (caseIds.length === 0) return null;
    const held = await renewOutdated(client, await loadCases(client, caseIds));
    const behind = deps.catchUp.behind(deps.now());
    const silent = await silentSources(client);
    const cases = [...held.values()].map((one) => ({
      ...{
        state: one.state,
        held: one,
        late: behind.includes(one.source),
        heardUntil: silent.get(one.source),
      },
    }));
    const alerts = await settle(deps, client, caseIds, judge(deps, cases));
    return { ...noEffects(), alerts, figures: true };
  });
}
