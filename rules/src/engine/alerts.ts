import type { AlertKind, Millis, Rung, Sentence } from '@mingjing/contracts';
import type { CameraInput, CaseInput, EngineInput, GroupInput, NewAlert } from '../model.ts';
import { groupId } from '../profile/profiles.ts';
import type { Rule, Values } from '../rule.ts';

/** Fingerprint of a rule's finding on a case, source or group. */
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
function sourceAlert(source: { id: string; region: string }, rule: Rule, told: Told): NewAlert {
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

/** An alert on an officer or a department. */
function groupAlert({ group }: GroupInput, rule: Rule, told: Told): NewAlert {
  return {
    ...{ rule: rule.id, ruleVersion: rule.version, sourceId: null, region: group.region },
    ...{ matter: null, caseId: null, caseNo: null, hall: null, counter: null },
    department: group.kind === 'department' ? group.id : null,
    officer: group.kind === 'officer' ? group.id : null,
    ...told,
  };
}

/** An alert on a camera. */
function cameraAlert({ camera, region }: CameraInput, rule: Rule, told: Told): NewAlert {
  return {
    ...{ rule: rule.id, ruleVersion: rule.version, sourceId: null, region: region.code },
    ...{ department: null, matter: null, caseId: null, caseNo: null, officer: null },
    ...{ hall: camera.hall, counter: camera.counter, camera: camera.id },
    ...told,
  };
}

interface Subject {
  /** As it stands in fingerprints. */
  id: string;
  zh: string;
  en: string;
}

function subjectOf(input: EngineInput): Subject {
  switch (input.type) {
    case 'case': {
      const { caseId, caseNo } = input.state;
      return { id: caseId, zh: `办件 ${caseNo}`, en: `case ${caseNo}` };
    }
    case 'source': {
      const { id, name } = input.source;
      return { id, zh: `采集源 ${name}`, en: `source ${name}` };
    }
    case 'camera': {
      const { id, name } = input.camera;
      return { id, zh: `摄像机 ${name}`, en: `camera ${name}` };
    }
    case 'group': {
      const { id, kind } = input.group;
      const [zh, en] = kind === 'officer' ? ['经办人员', 'officer'] : ['部门', 'department'];
      return {
        id: groupId(input.group),
        zh: `${zh} ${input.name?.zh ?? id}`,
        en: `${en} ${input.name?.en ?? id}`,
      };
    }
  }
}

/** An alert on whatever was looked at. */
export function alertOn(input: EngineInput, rule: Rule, told: Told): NewAlert {
  switch (input.type) {
    case 'case':
      return caseAlert(input, rule, told);
    case 'source':
      return sourceAlert(input.source, rule, told);
    case 'group':
      return groupAlert(input, rule, told);
    case 'camera':
      return cameraAlert(input, rule, told);
  }
}

/** Tells that a rule threw: which rule, on what, and what it said. */
export function failureAlert(input: EngineInput, rule: Rule, error: Error): NewAlert {
  const subject = subjectOf(input);
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
  return alertOn(input, rule, told);
}
