import type { Ruleset, Sentence } from '@mingjing/contracts';
import { evaluate } from '../engine/evaluate.ts';
import type { NewAlert } from '../model.ts';
import type { ParameterSpec, Rule } from '../rule.ts';
import { shippedRules } from '../rules/registry.ts';
import { defaultRuleset } from '../ruleset/presets.ts';
import { RULE_EXAMPLES } from './examples.ts';

const SUBJECTS: Record<Rule['subject'], Sentence> = {
  case: { zh: '每一个办件', en: 'every case' },
  source: { zh: '每一个采集源', en: 'every source' },
  group: { zh: '每一个经办人员和部门', en: 'every officer and department' },
  camera: { zh: '每一路摄像机', en: 'every camera' },
};

/**
 * What a rule raises, alone and with its defaults, on its example.
 * @throws RangeError when it has no example, or finds nothing in it
 */
export function exampleAlert(rule: Rule): NewAlert {
  const example = RULE_EXAMPLES[rule.id];
  if (!example) throw new RangeError(`rule ${rule.id} has no example: add one to rules/src/docs/examples.ts`);
  const ruleset: Ruleset = { ...defaultRuleset, rules: { [rule.id]: { enabled: true, parameters: {} } } };
  // The gravest card is the last: it says most.
  const alert = evaluate(example(), ruleset)
    .flatMap((change) =>
      change.type === 'alert.raised' || change.type === 'card.issued' ? [change.alert] : [],
    )
    .at(-1);
  if (!alert || alert.kind === 'rule-failed')
    throw new RangeError(`rule ${rule.id} finds nothing in its example: ${alert?.reason.en ?? 'no alert'}`);
  return alert;
}

function parameterLines(name: string, { meaning, unit, ...bounds }: ParameterSpec): string[] {
  return [
    `- \`${name}\` (${unit}): default ${bounds.default}, from ${bounds.minimum} to ${bounds.maximum}.`,
    `  ${meaning.zh}。`,
    `  ${meaning.en}.`,
  ];
}

/**
 * The page of a rule in docs/rules, in Markdown: made of nothing but what the rule says of itself, and of what it
 * says of its example when it is really run.
 * @throws RangeError as exampleAlert
 */
export function rulePage(rule: Rule): string {
  const { kind, title, reason } = exampleAlert(rule);
  const subject = SUBJECTS[rule.subject];
  const parameters = Object.entries(rule.parameters).flatMap(([name, spec]) => parameterLines(name, spec));
  const section = (heading: string, lines: string[]): string[] => ['', `## ${heading}`, '', ...lines];
  return [
    `# ${rule.name.zh} · ${rule.name.en}`,
    '',
    `\`${rule.id}\`, version ${rule.version}. Looks at ${subject.en}. 判断对象：${subject.zh}。`,
    ...section('依据 · Basis', [rule.basis.zh, '', rule.basis.en]),
    ...section('看什么 · What is looked at', [rule.looksAt.zh, '', rule.looksAt.en]),
    ...section('何时不能判断 · When it cannot tell', [rule.cannotTell.zh, '', rule.cannotTell.en]),
    ...section('参数 · Parameters', parameters.length > 0 ? parameters : ['无。None.']),
    ...section(`例 · An example (${kind})`, [
      `> ${title.zh}`,
      '>',
      `> ${reason.zh}`,
      '',
      `> ${title.en}`,
      '>',
      `> ${reason.en}`,
    ]),
    '',
  ].join('\n');
}

/** All pages of docs/rules by file name, the list of them in README.md. @throws RangeError as rulePage */
export function rulePages(rules: readonly Rule[] = shippedRules): Map<string, string> {
  const pages = new Map(rules.map((rule) => [`${rule.id}.md`, rulePage(rule)]));
  const list = rules.map(({ id, name }) => `- [${name.zh} · ${name.en}](${id}.md)`);
  const head = [
    '# Rules',
    '',
    'Made from the rules themselves by `npm run -s mingjing -- docs`; not edited by hand.',
  ];
  const more = ['How to write one: [add a rule](../how-to/add-a-rule.md).'];
  return pages.set('README.md', [...head, '', ...list, '', ...more, ''].join('\n'));
}
