import type { Millis, Sentence } from '@mingjing/contracts';
import { evaluate, type CaseState, type EngineChange } from '@mingjing/rules';
import type { Directory } from '../directory.ts';
import type { Rules } from '../rulebook.ts';
import { inTransaction, type Client, type Pool } from '../store/database.ts';
import { addCases } from '../store/cases/addCases.ts';
import { deleteClocks } from '../store/cases/deleteClocks.ts';
import { dueCases } from '../store/cases/dueCases.ts';
import { loadCases, type HeldCase } from '../store/cases/loadCases.ts';
import { saveCases } from '../store/cases/saveCases.ts';
import { saveLooks } from '../store/cases/saveLooks.ts';
import { readAfter } from '../store/observations/readObservations.ts';
import type { RecentCommits } from '../store/observations/recentCommits.ts';
import { moveCursor } from '../store/pipeline/cursor.ts';
import { silentSources } from '../store/sources/silentSources.ts';
import { watchedSources } from '../store/sources/watchedSources.ts';
import { applyChanges } from './applyChanges.ts';
import { caseInput } from './caseInput.ts';
import { isLate, tokenSource, type CatchUp } from './catchUp.ts';
import { CURSOR } from './cursorName.ts';
import { noEffects, type Effects, type MovedCase } from './effects.ts';
import { foldCameras } from './foldCameras.ts';
import { foldCases, renewOutdated, type FoldedCase } from './foldCases.ts';
import { lockPipeline } from './freshen.ts';
import { saveOthers } from './otherObservations.ts';
import { settleCameras } from './stepCameras.ts';
import { WHOLE } from './stride.ts';

export interface StepDeps {
  pool: Pool;
  directory: Directory;
  rules: Rules;
  now: () => Millis;
  catchUp: CatchUp;
  /** What this process has just stored. */
  recent?: RecentCommits;
}

type Held = Pick<HeldCase, 'cards' | 'standing'>;

interface Judged {
  state: CaseState;
  held: Held | undefined;
  /** Told of the past: judged as of then, and again once its source has caught up. */
  late: boolean;
  /** Until when its source was heard, where that is silent: judged as of then, and again once it is heard again. */
  heardUntil?: Millis | undefined;
}

/** As far as the case's own events reach or its source was heard, and never before a card that stands. */
function knownUntil({ state, held, late, heardUntil = Infinity }: Judged, now: Millis): Millis {
  const known = Math.min(late ? state.lastEventAt : now, heardUntil);
  return Math.min(now, Math.max(known, ...(held?.cards ?? []).map((card) => card.at)));
}

/** The fingerprint of the alert that a case could not be judged at all. */
export function unjudged(caseId: string): string {
  return `rule-failed|clock|${caseId}`;
}

const JUDGED_AGAIN: Sentence = { zh: '办件已能正常判断。', en: 'The case can be judged again.' };

/** What the rules say of some cases, now, or of those that not everything is known of as far as it is. */
export function judge(deps: StepDeps, cases: Judged[]): EngineChange[] {
  const ruleset = deps.rules.ruleset();
  const now = deps.now();
  return cases.flatMap((judged) => {
    const { state, held, late, heardUntil } = judged;
    const at = knownUntil(judged, now);
    const input = caseInput(deps, { state, cards: held?.cards ?? [], standing: held?.standing ?? [] }, at);
    if (!input) return [];
    const changes = evaluate(input, ruleset);
    const fingerprint = unjudged(state.caseId);
    if (held?.standing.includes(fingerprint))
      changes.push({ type: 'alert.rescinded', fingerprint, at, reason: JUDGED_AGAIN });
    const whole = !late && heardUntil === undefined;
    if (whole || (state.endedAt !== null && at >= state.endedAt)) return changes;
    return changes.map((change) => soon(change, now));
  });
}

/** A case of which more is to come is looked at again as soon as its source is through. */
function soon(change: EngineChange, now: Millis): EngineChange {
  if (change.type === 'clock') return { ...change, nextAt: now };
  return change.type === 'look' ? { ...change, at: now } : change;
}

/**
 * Writes the judgement of some cases; a clock that runs no more loses the projection it may have had.
 * @param caseIds those that were there before; of the others nothing is in the store
 */
export async function settle(
  deps: StepDeps,
  client: Client,
  caseIds: string[],
  changes: EngineChange[],
): Promise<number[]> {
  const kept = changes.flatMap((change) => (change.type === 'clock' ? [change.clock.clockId] : []));
  await deleteClocks(client, caseIds, kept);
  await saveLooks(
    client,
    caseIds,
    changes.filter((change) => change.type === 'look'),
  );
  const held = new Set(caseIds);
  return applyChanges(client, changes, deps.now(), (caseId) => !held.has(caseId));
}

function moved({ state, last }: FoldedCase): MovedCase {
  const { caseId, caseNo, region, department, matter, status, stage } = state;
  return { caseId, caseNo, region, department, matter, status, stage, kind: last.kind, at: last.observedAt };
}

/**
 * Takes the next observations through fold, rules and store in one transaction, together with the
 * cursor: after a crash at any point they are taken again, and nothing is done twice.
 * @param most fewer than WHOLE cuts commits apart; else they are taken whole
 * @returns null when there was nothing to do
 */
export async function stepObservations(deps: StepDeps, most = WHOLE): Promise<Effects | null> {
  return inTransaction(deps.pool, async (client) => {
    const from = await lockPipeline(deps, client);
    const read = await readAfter(client, from, most, most < WHOLE ? most : undefined, deps.recent);
    if (!read) return null;
    const batch = read.observations;
    const folded = await foldCases(client, batch);
    await addCases(
      client,
      folded.filter(({ held }) => !held),
    );
    await saveCases(
      client,
      folded.filter(({ held }) => held),
    );
    deps.catchUp.note(batch, deps.now());
    // Somebody else may tell of a case whose own source is silent.
    const silent = await silentSources(client);
    const judged = folded.map(({ state, held, last, source }) => ({
      ...{ state, held, late: isLate(last), heardUntil: silent.get(source) },
    }));
    const heldIds = folded.flatMap(({ held, state }) => (held ? [state.caseId] : []));
    const alerts = await settle(deps, client, heldIds, judge(deps, judged));
    const others = await saveOthers(client, batch);
    const onCameras = await settleCameras(deps, client, await foldCameras(client, batch));
    await moveCursor(client, CURSOR, read.last);
    const sources = [...new Set(batch.map(({ source }) => tokenSource(source)))];
    return {
      alerts: [...alerts, ...onCameras],
      cases: folded.map(moved),
      cameras: others.cameras,
      screens: others.screens,
      sources,
      former: [],
      figures: folded.length > 0 || others.rated || onCameras.length > 0,
    };
  });
}

/**
 * Looks again at cases whose clock has reached a rung, but not yet at those of a source that is catching up.
 * @returns null when there are none
 */
export async function stepDue(deps: StepDeps, most = WHOLE): Promise<Effects | null> {
  return inTransaction(deps.pool, async (client) => {
    await lockPipeline(deps, client);
    const now = deps.now();
    const caseIds = await dueCases(client, now, deps.catchUp.behind(now), most);
    if (caseIds.length === 0) return null;
    const held = await renewOutdated(client, await loadCases(client, caseIds));
    const cases = [...held.values()].map((one) => ({ state: one.state, held: one, late: false }));
    const alerts = await settle(deps, client, caseIds, judge(deps, cases));
    return { ...noEffects(), alerts, figures: true };
  });
}

/** Looks at every source from which something is expected. @returns null when nothing changed */
export async function stepSources(deps: StepDeps): Promise<Effects | null> {
  return inTransaction(deps.pool, async (client) => {
    await lockPipeline(deps, client);
    const at = deps.now();
    const ruleset = deps.rules.ruleset();
    const watched = await watchedSources(client);
    const changes = watched.flatMap((one) => evaluate({ type: 'source', at, ...one }, ruleset));
    if (changes.length === 0) return null;
    const alerts = await applyChanges(client, changes, at);
    return { ...noEffects(), alerts, sources: watched.map(({ source }) => source.id), figures: true };
  });
}
