import type { AlertKind, Millis, Rung, Sentence } from '@mingjing/contracts';
import type { CaseInput, EngineInput, NewAlert } from '../model.ts';
import type { Rule, Values } from '../rule.ts';

/** Fingerprint of a rule's finding on a case or source. */
export function findingFingerprint(rule: Rule, subject: string, key: string): string {
  return key === '' ? `${rule.id}|${subject}` : `${rule.id}|${subject}|${key}`;
}

/** Fingerprint of a card's alert. */
export function cardFingerprint(clockId: string, rung: Rung): string {
  return `card|${clockId}|${rung}`;
}

/** Fingerprint of the alert that a rule threw on a subject. */
export function failureFingerprint(rule: Rule, subject: string): string {
  return `rule-failed|${rule.id}|${subject}`;
}

interface Told {
  fingerprint: string;
  kind: AlertKind;
  at: Millis;
  title: Sentence;
  reason: Sentence;
  values: Values;
}

/** An alert on a case. */
export function caseAlert({ state }: CaseInput, rule: Rule, told: Told): NewAlert {
  const { region, department, matter, caseId, caseNo, hall, counter, officer } = state;
  return {
    ...{ rule: rule.id, ruleVersion: rule.version, sourceId: null },
    ...{ region, department, matter, caseId, caseNo, hall, counter, officer },
    ...told,
  };
}

/** An alert on a source of observations. */
export function sourceAlert(source: { id: string; region: string }, rule: Rule, told: Told): NewAlert {
  return {
    ...{ rule: rule.id, ruleVersion: rule.version, sourceId: source.id, region: source.region },
    ...{
      department: null,
      matter: null,
      caseId: null,
      caseNo: null,
      hall: null,
      counter: null,
      officer: null,
    },
    ...told,
  };
}

/** Tells that a rule threw: which rule, on what, and what it said. */
export function failureAlert(input: EngineInput, rule: Rule, error: Error): NewAlert {
  const subject =
    input.type === 'case'
      ? { id: input.state.caseId, zh: `办件 ${input.state.caseNo}`, en: `case ${input.state.caseNo}` }
      : { id: input.source.id, zh: `采集源 ${input.source.name}`, en: `source ${input.source.name}` };
  const told: Told = {
    fingerprint: failureFingerprint(rule, subject.id),
    kind: 'rule-failed',
    at: input.at,
    title: { zh: `规则“${rule.name.zh}”运行出错`, en: `Rule “${rule.name.en}” failed` },
    reason: {
      zh: `规则 ${rule.id} 未能判断${subject.zh}：${error.message}`,
      en: `Rule ${rule.id} could not judge ${subject.en}: ${error.message}`,
    },
    values: { error: error.message },
  };
  return input.type === 'case' ? caseAlert(input, rule, told) : sourceAlert(input.source, rule, told);
}
