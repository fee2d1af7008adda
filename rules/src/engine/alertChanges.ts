import type { Sentence } from '@mingjing/contracts';
import type { CameraInput, CaseInput, EngineChange, GroupInput } from '../model.ts';
import { alertOn, failureAlert, failureFingerprint, findingFingerprint } from './alerts.ts';
import type { RuleResult } from './run.ts';

const NO_LONGER_TRUE: Sentence = {
  zh: '根据更正或迟到的数据重新判断，已不成立。',
  en: 'Judged anew on corrected or late data: no longer true.',
};
export const RULE_WORKS: Sentence = { zh: '规则已能正常判断。', en: 'The rule can judge it again.' };
export const NOT_WATCHED: Sentence = {
  zh: '该地区已停用此规则，不再判断。',
  en: 'The rule was switched off here: it is not judged any more.',
};

/** What a rule's result means for the alerts of a case, group or camera that are not cards. */
export function alertChanges(
  input: CaseInput | GroupInput | CameraInput,
  subject: string,
  { rule, verdict, error }: RuleResult,
): EngineChange[] {
  const { standing = [], at } = input;
  const failed = standing.length > 0 && standing.includes(failureFingerprint(rule, subject));
  if (error) return failed ? [] : [{ type: 'alert.raised', alert: failureAlert(input, rule, error) }];
  const changes: EngineChange[] = [];
  if (failed) {
    const fingerprint = failureFingerprint(rule, subject);
    changes.push({ type: 'alert.rescinded', fingerprint, at, reason: RULE_WORKS });
  }
  if (verdict === null || (rule.subject === 'case' && rule.cards)) return changes;
  if (verdict.outcome === 'not-evaluated' && !verdict.groundless) return changes;
  if (verdict.outcome !== 'fail' && standing.length === 0) return changes;
  const found = new Set<string>();
  for (const finding of verdict.outcome === 'fail' ? verdict.findings : []) {
    const fingerprint = findingFingerprint(rule, subject, finding.key);
    found.add(fingerprint);
    if (standing.includes(fingerprint)) continue;
    const { values } = verdict;
    const told = { fingerprint, kind: finding.kind, at: finding.at, values, ...finding.describe() };
    changes.push({ type: 'alert.raised', alert: alertOn(input, rule, told) });
  }
  const own = findingFingerprint(rule, subject, '');
  const reason = verdict.settled ?? NO_LONGER_TRUE;
  for (const fingerprint of standing) {
    const isOwn = fingerprint === own || fingerprint.startsWith(`${own}|`);
    if (!isOwn || found.has(fingerprint)) continue;
    changes.push({ type: 'alert.rescinded', fingerprint, at, reason });
  }
  return changes;
}
