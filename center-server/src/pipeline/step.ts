import type { Millis, Ruleset } from '@mingjing/contracts';
import { evaluate, type CaseInput, type CaseState, type EngineChange } from '@mingjing/rules';
import type { Directory } from '../directory.ts';
import { inTransaction, type Client, type Pool } from '../store/database.ts';
import { deleteClocks } from '../store/cases/deleteClocks.ts';
import { dueCases } from '../store/cases/dueCases.ts';
import { loadCases, type HeldCase } from '../store/cases/loadCases.ts';
import { saveCases } from '../store/cases/saveCases.ts';
import { readAfter } from '../store/observations/readObservations.ts';
import { lockCursor, moveCursor } from '../store/pipeline/cursor.ts';
import { watchedSources } from '../store/sources/watchedSources.ts';
import { applyChanges } from './applyChanges.ts';
import { noEffects, type Effects, type MovedCase } from './effects.ts';
import { foldCases, type FoldedCase } from './foldCases.ts';
import { saveOthers } from './otherObservations.ts';

export interface StepDeps {
  pool: Pool;
  directory: Directory;
  /** The ruleset in force. */
  ruleset: () => Ruleset;
  now: () => Millis;
}

/** The reader of the inbox that feeds the rules. */
const CURSOR = 'rules';
const BATCH = 2000;

type Held = Pick<HeldCase, 'cards' | 'standing'>;

function caseInput(deps: StepDeps, state: CaseState, held: Held | undefined): CaseInput | undefined {
  const region = deps.directory.region(state.region);
  if (!region) return undefined;
  const department = deps.directory.department(state.department);
  return {
    type: 'case',
    at: deps.now(),
    state,
    region,
    matter: deps.directory.matter(state.matter),
    issued: held?.cards ?? [],
    standing: held?.standing ?? [],
    departmentName: department ? { zh: department.name, en: department.nameEn } : null,
  };
}

function judge(deps: StepDeps, cases: { state: CaseState; held: Held | undefined }[]): EngineChange[] {
  const ruleset = deps.ruleset();
  return cases.flatMap(({ state, held }) => {
    const input = caseInput(deps, state, held);
    return input ? evaluate(input, ruleset) : [];
  });
}

/** Writes the judgement of some cases; a case without a clock loses the projection it may have had. */
async function settle(
  deps: StepDeps,
  client: Client,
  caseIds: string[],
  changes: EngineChange[],
): Promise<number[]> {
  const clocked = new Set(changes.flatMap((change) => (change.type === 'clock' ? [change.caseId] : [])));
  await deleteClocks(
    client,
    caseIds.filter((caseId) => !clocked.has(caseId)),
  );
  return applyChanges(client, changes, deps.now());
}

function moved({ state, last }: FoldedCase): MovedCase {
  const { caseId, caseNo, region, department, matter, status, stage } = state;
  return { caseId, caseNo, region, department, matter, status, stage, kind: last.kind, at: last.observedAt };
}

/**
 * Takes the next observations through fold, rules and store in one transaction, together with the
 * cursor: after a crash at any point they are taken again, and nothing is done twice.
 * @returns null when there was nothing to do
 */
export async function stepObservations(deps: StepDeps): Promise<Effects | null> {
  return inTransaction(deps.pool, async (client) => {
    const read = await readAfter(client, await lockCursor(client, CURSOR), BATCH);
    if (!read) return null;
    const batch = read.observations;
    const folded = await foldCases(client, batch);
    await saveCases(client, folded);
    const caseIds = folded.map(({ state }) => state.caseId);
    const alerts = await settle(deps, client, caseIds, judge(deps, folded));
    const others = await saveOthers(client, batch);
    await moveCursor(client, CURSOR, read.last);
    const sources = [...new Set(batch.map(({ source }) => source.split(':', 1)[0] ?? source))];
    return {
      alerts,
      cases: folded.map(moved),
      cameras: others.cameras,
      screens: others.screens,
      sources,
      figures: folded.length > 0 || others.rated,
    };
  });
}

/** Looks again at cases whose clock has reached a rung. @returns null when none has */
export async function stepDue(deps: StepDeps): Promise<Effects | null> {
  return inTransaction(deps.pool, async (client) => {
    await lockCursor(client, CURSOR);
    const caseIds = await dueCases(client, deps.now(), BATCH);
    if (caseIds.length === 0) return null;
    const held = await loadCases(client, caseIds);
    const cases = [...held.values()].map((one) => ({ state: one.state, held: one }));
    const alerts = await settle(deps, client, caseIds, judge(deps, cases));
    return { ...noEffects(), alerts, figures: true };
  });
}

/** Looks at every source from which something is expected. @returns null when nothing changed */
export async function stepSources(deps: StepDeps): Promise<Effects | null> {
  return inTransaction(deps.pool, async (client) => {
    await lockCursor(client, CURSOR);
    const at = deps.now();
    const ruleset = deps.ruleset();
    const watched = await watchedSources(client);
    const changes = watched.flatMap((one) => evaluate({ type: 'source', at, ...one }, ruleset));
    if (changes.length === 0) return null;
    const alerts = await applyChanges(client, changes, at);
    return { ...noEffects(), alerts, sources: watched.map(({ source }) => source.id), figures: true };
  });
}
