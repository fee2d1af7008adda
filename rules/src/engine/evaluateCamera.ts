import type { Millis } from '@mingjing/contracts';
import type { CameraInput, EngineChange } from '../model.ts';
import type { Rule } from '../rule.ts';
import type { CompiledRuleset } from '../ruleset/compile.ts';
import { alertChanges, NOT_WATCHED } from './alertChanges.ts';
import { findingFingerprint } from './alerts.ts';
import { runRule, type RuleResult } from './run.ts';

/** What a person closed while it goes on is not raised again; and what is over is over for whoever closed it, too. */
function asTold({ closed = [] }: CameraInput, change: EngineChange): EngineChange[] {
  if (change.type === 'alert.rescinded') return [{ ...change, evenClosed: true }];
  if (change.type !== 'alert.raised') return [change];
  const { fingerprint, at } = change.alert;
  return closed.some((one) => one.fingerprint === fingerprint && one.at >= at) ? [] : [change];
}

/** Takes back what rules told that do not run here (any more). */
function switchedOff(input: CameraInput, off: readonly Rule[]): EngineChange[] {
  const { standing = [], at } = input;
  return off.flatMap((rule) => {
    const own = findingFingerprint(rule, input.camera.id, '');
    return standing
      .filter((fingerprint) => fingerprint === own || fingerprint.startsWith(`${own}|`))
      .map((fingerprint) => ({ type: 'alert.rescinded' as const, fingerprint, at, reason: NOT_WATCHED }));
  });
}

/** What a rule's result means; a finding that cannot be told is a failure of its rule. */
function changesOf(input: CameraInput, result: RuleResult): EngineChange[] {
  try {
    return alertChanges(input, input.camera.id, result);
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    return alertChanges(input, input.camera.id, { rule: result.rule, verdict: null, error });
  }
}

/** Looks at a camera: when to look again comes first, then what each rule changes. */
export function evaluateCamera(
  input: CameraInput,
  ruleset: CompiledRuleset,
  rules: readonly Rule[],
): EngineChange[] {
  const { at } = input;
  const { id } = input.camera;
  const enabled = ruleset.cameraRules(input.region.code);
  const off = rules.filter(
    (rule) => rule.subject === 'camera' && !enabled.some((one) => one.rule.id === rule.id),
  );
  let lookAt: Millis | null = null;
  const changes = switchedOff(input, off);
  for (const { rule, parameters } of enabled) {
    const result = runRule(rule, () => rule.evaluate(input, parameters));
    const asked = result.verdict?.lookAt ?? null;
    if (asked !== null && asked > at && asked < Infinity) lookAt = Math.min(lookAt ?? asked, asked);
    changes.push(...changesOf(input, result));
  }
  return [{ type: 'camera.look', camera: id, at: lookAt }, ...changes.flatMap((one) => asTold(input, one))];
}
