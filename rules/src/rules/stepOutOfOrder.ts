import type { Millis } from '@mingjing/contracts';
import type { CaseState } from '../model.ts';
import { caseRule, type Finding } from '../rule.ts';
import { caseTitle } from '../words/caseWords.ts';

/** The first time a stage was passed, as far as it is known. */
interface Passed {
  started: Millis | null;
  completed: Millis | null;
}

function firstPasses({ stages }: CaseState, path: readonly string[]): (Passed | null)[] {
  const passes: (Passed | null)[] = path.map(() => null);
  for (const { stage, startedAt, completedAt } of stages) {
    const index = path.indexOf(stage);
    const known = passes[index];
    if (index < 0) continue;
    // A stage that is gone through again is judged by its first time: that is how work is redone.
    if (!known || before(startedAt, completedAt, known))
      passes[index] = { started: startedAt, completed: completedAt };
  }
  return passes;
}

function before(startedAt: Millis | null, completedAt: Millis | null, known: Passed): boolean {
  return (startedAt ?? completedAt ?? Infinity) < (known.started ?? known.completed ?? Infinity);
}

/** Whether a stage certainly came before one that the path puts ahead of it. */
function cameFirst(later: Passed, earlier: Passed): boolean {
  if (earlier.started !== null) {
    const at = later.started ?? later.completed;
    return at !== null && at < earlier.started;
  }
  return later.completed !== null && earlier.completed !== null && later.completed < earlier.completed;
}

/** The first stage that overtook another: indexes into the path. */
function overtaking(passes: (Passed | null)[]): { first: number; second: number } | null {
  for (let second = 0; second < passes.length; second += 1) {
    const earlier = passes[second];
    for (let first = second + 1; earlier && first < passes.length; first += 1) {
      const later = passes[first];
      if (later && cameFirst(later, earlier)) return { first, second };
    }
  }
  return null;
}

/**
 * What of the path is missing. The acceptance attests the first stage and the decision the last one; a refusal
 * may come at any stage, so that only what lies before the last one seen is missing then.
 */
function skipped(passes: (Passed | null)[], granted: boolean): number[] {
  const last = granted ? passes.length - 1 : passes.findLastIndex((pass) => pass !== null);
  return passes.flatMap((pass, index) => (pass === null && index > 0 && index < last ? [index] : []));
}

/** 跳过环节、环节倒序: the matter's lawful path was not followed. */
export const stepOutOfOrder = caseRule({
  id: 'step-out-of-order',
  version: 1,
  name: { zh: '环节跳过或倒序', en: 'Step skipped or out of order' },
  basis: {
    zh: '《行政许可法》第三十条（公示的程序）、第三十四条（审查）；事项公示的办理流程。',
    en: 'Administrative Licensing Law, art. 30 (the procedure as published), art. 34 (examination); the path as published for the matter.',
  },
  looksAt: {
    zh: '各环节首次办理的先后与事项法定流程相比；退回重办、重复办理不算。准予或不予许可后，中间从未办理的环节算跳过：首环节由受理、末环节由决定证明，不予许可的只看已办环节之前的。',
    en: 'The order in which stages were first entered against the matter’s lawful path; going back and doing one again is no fault. Once a case is granted or refused, stages in between that never happened were skipped: acceptance attests the first one and the decision the last; of a refusal only those before the last stage seen are judged.',
  },
  cannotTell: {
    zh: '不知道事项或其流程，或没有报来流程中的任何环节。',
    en: 'The matter or its path is not known, or no stage of it was ever told.',
  },
  parameters: {},
  evaluate: ({ input, state }) => {
    const path = input.matter?.stages ?? [];
    const values = { path: path.length, stages: state.stages.length, outcome: state.outcome };
    if (path.length === 0) return { outcome: 'not-evaluated', values, missing: 'path of the matter' };
    if (state.stages.length === 0)
      return { outcome: 'not-evaluated', values, missing: 'a stage of the path', groundless: true };
    const passes = firstPasses(state, path);
    if (passes.every((pass) => pass === null))
      return { outcome: 'not-evaluated', values, missing: 'a stage of the path', groundless: true };
    const findings: Finding[] = [];
    const overtook = overtaking(passes);
    if (overtook) {
      const [first, second] = [path[overtook.first] ?? '', path[overtook.second] ?? ''];
      findings.push({
        kind: 'risk',
        key: `order:${first}`,
        at: passes[overtook.second]?.started ?? passes[overtook.second]?.completed ?? state.lastEventAt,
        describe: () => ({
          title: caseTitle(input, {
            zh: `环节倒序：“${first}”先于“${second}”`,
            en: `“${first}” before “${second}”`,
          }),
          reason: {
            zh: `办件 ${state.caseNo} 先办“${first}”，后办“${second}”；流程应为：${path.join('→')}。`,
            en: `Case ${state.caseNo} went through “${first}” before “${second}”; its path is ${path.join(' → ')}.`,
          },
        }),
      });
    }
    const { endedBy, endedAt, outcome } = state;
    const judged = endedBy === 'decided' && (outcome === 'granted' || outcome === 'refused');
    const missing = judged ? skipped(passes, outcome === 'granted').map((index) => path[index] ?? '') : [];
    if (missing.length > 0 && endedAt !== null) {
      findings.push({
        kind: 'risk',
        key: 'skipped',
        at: endedAt,
        describe: () => ({
          title: caseTitle(input, {
            zh: `跳过环节“${missing.join('、')}”`,
            en: `skipped “${missing.join('”, “')}”`,
          }),
          reason: {
            zh: `办件 ${state.caseNo} 已决定，但没有办理环节“${missing.join('、')}”；流程应为：${path.join('→')}。`,
            en: `Case ${state.caseNo} was decided without “${missing.join('”, “')}”; its path is ${path.join(' → ')}.`,
          },
        }),
      });
    }
    return findings.length > 0 ? { outcome: 'fail', values, findings } : { outcome: 'pass', values };
  },
});
