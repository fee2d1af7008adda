import type {
  AlertKind,
  ClockLevel,
  Ladder,
  Millis,
  RuleInfo,
  Rung,
  RungProjection,
  Sentence,
} from '@mingjing/contracts';
import type { ClockSpec } from './clock/spec.ts';
import type { Plan } from './clock/plan.ts';
import type { CameraInput, CaseInput, CaseState, GroupInput, SourceInput } from './model.ts';

/** A number that an administrator may set for a rule. */
export interface ParameterSpec {
  meaning: Sentence;
  unit: 'days' | 'hours' | 'minutes' | 'seconds' | 'times' | 'cases' | 'groups' | 'share' | 'choice';
  default: number;
  minimum: number;
  maximum: number;
}
export type ParameterSpecs = Readonly<Record<string, ParameterSpec>>;
type ParametersOf<S extends ParameterSpecs> = Readonly<Record<keyof S, number>>;

/** What a rule looked at, by name: kept for the explanation. */
export type Values = Readonly<Record<string, string | number | boolean | null>>;

/** Something that a rule found wrong. */
export interface Finding {
  kind: AlertKind;
  /** Tells findings of one rule on one subject apart; part of the fingerprint. */
  key: string;
  /** Where the finding is a card: of which clock, on which rung. */
  card?: { clock: CaseClock; rung: Rung };
  /** When it became true, ms since the epoch. */
  at: Millis;
  /** Put into words only when it is told for the first time. */
  describe: () => { title: Sentence; reason: Sentence };
}

/** Three-valued: data that is missing never passes for a good answer. */
export type Verdict = (
  | { outcome: 'pass'; values: Values }
  | { outcome: 'fail'; values: Values; findings: Finding[] }
  | {
      outcome: 'not-evaluated';
      values: Values;
      missing: string;
      /**
       * It is the record itself that tells of nothing to judge (any more), as when a decision was taken back:
       * what was found of it has lost its ground. Not where the rule lacks what it knows from elsewhere.
       */
      groundless?: boolean;
    }
) & {
  /** When time alone may change the verdict: the case is looked at again then. */
  lookAt?: Millis | null;
  /** Why what the rule found earlier does not hold any more; without it, that the record was changed. */
  settled?: Sentence;
};

/** A clock of a case, worked out once for all rules. */
export interface CaseClock {
  level: ClockLevel;
  /** The stage's name, or the number of the order, complaint or appeal. */
  label: string | null;
  spec: ClockSpec;
  plan: Plan;
  /** Null where no assignment of the ruleset matches. */
  ladder: Ladder | null;
  rungs: RungProjection[];
}

/** What a rule on cases is told. */
export interface CaseContext {
  input: CaseInput;
  state: CaseState;
  at: Millis;
  /** The clock of the case itself; null while it is not accepted, has no limit, or it cannot be understood. */
  clock: CaseClock | null;
  /** All its clocks, of every level. */
  clocks: CaseClock[];
  /** Why a clock of a level cannot be understood. */
  clockErrors: { level: ClockLevel; error: Error }[];
}

interface RuleFacts {
  /** Also the name of its settings in a ruleset. */
  id: string;
  /** Raised whenever the rule would judge anything otherwise. */
  version: number;
  name: Sentence;
  /** 监察依据. */
  basis: Sentence;
  /** What is looked at and what is found wrong: for docs/rules. */
  looksAt: Sentence;
  /** When it cannot tell. */
  cannotTell: Sentence;
  parameters: ParameterSpecs;
}

export interface CaseRule extends RuleFacts {
  subject: 'case';
  /** The level whose cards it issues: every finding of such a rule is a card. */
  cards?: ClockLevel;
  evaluate: (context: CaseContext, parameters: Readonly<Record<string, number>>) => Verdict;
}

export interface SourceRule extends RuleFacts {
  subject: 'source';
  evaluate: (input: SourceInput, parameters: Readonly<Record<string, number>>) => Verdict;
}

/** A rule on a group of cases: those that one officer or one department handled. */
export interface GroupRule extends RuleFacts {
  subject: 'group';
  evaluate: (input: GroupInput, parameters: Readonly<Record<string, number>>) => Verdict;
}

/** A rule on a camera: its picture, and what it says of itself. */
export interface CameraRule extends RuleFacts {
  subject: 'camera';
  evaluate: (input: CameraInput, parameters: Readonly<Record<string, number>>) => Verdict;
}

export type Rule = CaseRule | SourceRule | GroupRule | CameraRule;

type Definition<R extends Rule, S extends ParameterSpecs> = Omit<R, 'subject' | 'parameters' | 'evaluate'> & {
  parameters: S;
  evaluate: (context: Parameters<R['evaluate']>[0], parameters: ParametersOf<S>) => Verdict;
};

/** Defines a rule on cases; its parameters are typed by their specification. */
export function caseRule<S extends ParameterSpecs>(definition: Definition<CaseRule, S>): CaseRule {
  const { evaluate, ...facts } = definition;
  return {
    ...facts,
    subject: 'case',
    evaluate: (context, parameters) => evaluate(context, parameters as ParametersOf<S>),
  };
}

/** Defines a rule on sources; its parameters are typed by their specification. */
export function sourceRule<S extends ParameterSpecs>(definition: Definition<SourceRule, S>): SourceRule {
  const { evaluate, ...facts } = definition;
  return {
    ...facts,
    subject: 'source',
    evaluate: (input, parameters) => evaluate(input, parameters as ParametersOf<S>),
  };
}

/** Defines a rule on officers and departments; its parameters are typed by their specification. */
export function groupRule<S extends ParameterSpecs>(definition: Definition<GroupRule, S>): GroupRule {
  const { evaluate, ...facts } = definition;
  return {
    ...facts,
    subject: 'group',
    evaluate: (input, parameters) => evaluate(input, parameters as ParametersOf<S>),
  };
}

/** Defines a rule on cameras; its parameters are typed by their specification. */
export function cameraRule<S extends ParameterSpecs>(definition: Definition<CameraRule, S>): CameraRule {
  const { evaluate, ...facts } = definition;
  return {
    ...facts,
    subject: 'camera',
    evaluate: (input, parameters) => evaluate(input, parameters as ParametersOf<S>),
  };
}

/** A rule as it describes itself to administrators. */
export function ruleInfo({ id, version, subject, name, basis, parameters }: Rule): RuleInfo {
  return { id, version, subject, name, basis, parameters };
}

/**
 * A rule's parameters as a ruleset sets them, defaults filled in.
 * @throws RangeError that names rule, parameter, value and what was expected
 */
export function readParameters(
  rule: Rule,
  given: Readonly<Record<string, unknown>>,
  where = `rules.${rule.id}`,
): Record<string, number> {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(rule.parameters, name)) {
      const known = Object.keys(rule.parameters).join(', ') || 'none';
      throw new RangeError(`${where}.parameters.${name} is not known: expected one of: ${known}`);
    }
  }
  const read: Record<string, number> = {};
  for (const [name, spec] of Object.entries(rule.parameters)) {
    const value = given[name] ?? spec.default;
    if (typeof value !== 'number' || !(value >= spec.minimum && value <= spec.maximum)) {
      const expected = `expected a number of ${spec.unit} from ${spec.minimum} to ${spec.maximum}`;
      throw new RangeError(`${where}.parameters.${name} is ${JSON.stringify(value)}: ${expected}`);
    }
    read[name] = value;
  }
  return read;
}
