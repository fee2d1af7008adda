import type { Sentence } from '@mingjing/contracts';
import type { GroupInput } from '../model.ts';
import { groupId, peersKey, type GroupStep } from '../profile/profiles.ts';
import { groupRule, type Finding } from '../rule.ts';
import { lengthWords } from '../words/moments.ts';

const ID = 'peer-outlier';
/** Makes the median absolute deviation of a normal distribution its standard deviation. */
const NORMAL = 1.4826;
/** Peers that all take exactly as long are no reason to call a tenth more an outlier (log2). */
const LEAST_SPREAD = 0.25;
/** What was told once is taken back when it is clearly below the bounds, not at once. */
const STAYS_ABOVE = 0.8;

/** How a group compares to its peers in one step. */
interface Comparison {
  step: GroupStep;
  peers: number;
  /** The median of the peers' medians, seconds. */
  typical: number;
  /** By what factor the group is slower; below 1 it is quicker. */
  ratio: number;
  /** How many robust standard deviations of the peers' logarithms lie between. */
  deviations: number;
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Durations spread evenly by their logarithm; a second is the shortest. */
function log(seconds: number): number {
  return Math.log2(Math.max(1, seconds));
}

function compare({ group, profiles }: GroupInput, step: GroupStep): Comparison {
  const all = profiles.peers[peersKey(group.kind, step.matter, step.stage)] ?? [];
  const own = all.indexOf(step.median);
  const others = (own < 0 ? all : all.toSpliced(own, 1)).map(log);
  const middle = median(others);
  const spread = median(others.map((one) => Math.abs(one - middle)).sort((a, b) => a - b)) * NORMAL;
  const difference = log(step.median) - middle;
  return {
    step,
    peers: others.length,
    typical: 2 ** middle,
    ratio: 2 ** difference,
    deviations: Math.abs(difference) / Math.max(LEAST_SPREAD, spread),
  };
}

type Direction = 'slow' | 'fast';

function tell(
  input: GroupInput,
  direction: Direction,
  found: Comparison[],
): { title: Sentence; reason: Sentence } {
  const { group, name } = input;
  const [worst] = found;
  const who = name ?? { zh: group.id, en: group.id };
  const kind = group.kind === 'officer' ? { zh: '人员', en: 'officers' } : { zh: '部门', en: 'departments' };
  const how =
    direction === 'slow' ? { zh: '明显偏慢', en: 'far slower' } : { zh: '明显偏快', en: 'far quicker' };
  const title = { zh: `${who.zh}办理用时${how.zh}`, en: `${who.en} is ${how.en} than its peers` };
  if (!worst) return { title, reason: title };
  const { step, peers, typical, ratio } = worst;
  const matter = input.matters?.get(step.matter) ?? { name: step.matter, nameEn: step.matter };
  const what =
    step.stage === ''
      ? { zh: `“${matter.name}”`, en: `“${matter.nameEn}”` }
      : { zh: `“${matter.name}”的环节“${step.stage}”`, en: `step “${step.stage}” of “${matter.nameEn}”` };
  const [own, others] = [lengthWords(step.median * 1000), lengthWords(typical * 1000)];
  const times = Math.round((direction === 'slow' ? ratio : 1 / ratio) * 10) / 10;
  const more = found.length - 1;
  return {
    title,
    reason: {
      zh: `${who.zh}办理${what.zh}的中位用时是 ${own.zh}开放时间（${step.cases} 件），${peers} 个同类${kind.zh}的中位数是 ${others.zh}，相差 ${times} 倍${more > 0 ? `；另有 ${more} 处同样` : ''}。`,
      en: `${who.en} takes ${own.en} of opening time (median of ${step.cases} cases) for ${what.en}; ${peers} other ${kind.en} take ${others.en}, a factor of ${times}${more > 0 ? `; so it is in ${more} more` : ''}.`,
    },
  };
}

/** 用时离群: an officer or department that takes far longer, or far less, than all others for the same work. */
export const peerOutlier = groupRule({
  id: ID,
  version: 1,
  name: { zh: '用时离群', en: 'Outlier against peers' },
  basis: {
    zh: '惯例，非法定：同一事项同一环节的用时横向比较；《行政许可法》第五条（公平、公正）、第六条（便民、效率）、第三十四条（审查）。离群不等于违规，仅提示核查。',
    en: 'Custom, not law: how long the same step of the same matter takes, side by side; Administrative Licensing Law, art. 5 (fairness), art. 6 (efficiency), art. 34 (examination). An outlier is no offence: this asks for a look.',
  },
  looksAt: {
    zh: '已办结办件中，每个人员、部门在每个事项每个环节上的中位用时（按大厅开放时间计，扣除停表），与同类其他人员、部门的中位数相比；倍数和稳健离散度（对数用时的中位数绝对偏差）都超过才报告，快慢各报一次。',
    en: 'Of closed cases: each officer’s and department’s median opening time for each step of each matter, without suspensions, against the median of all others; told when both the factor and the robust deviation (median absolute deviation of the logarithms) are exceeded, once for slow and once for quick.',
  },
  cannotTell: {
    zh: '没有一个环节同时有足够的办件和足够的同类。',
    en: 'No step has both enough cases and enough peers.',
  },
  parameters: {
    cases: {
      meaning: { zh: '至少办过多少件才比较', en: 'Cases that a group must have handled to be compared' },
      unit: 'cases',
      default: 50,
      minimum: 20,
      maximum: 100_000,
    },
    peers: {
      meaning: { zh: '至少有多少同类才比较', en: 'Peers, at least, to compare with' },
      unit: 'groups',
      default: 5,
      minimum: 3,
      maximum: 1000,
    },
    factor: {
      meaning: { zh: '至少快或慢多少倍', en: 'By what factor it must be slower or quicker' },
      unit: 'times',
      default: 3,
      minimum: 1.2,
      maximum: 100,
    },
    deviations: {
      meaning: {
        zh: '至少偏离多少个稳健标准差',
        en: 'By how many robust standard deviations it must differ',
      },
      unit: 'times',
      default: 4,
      minimum: 2,
      maximum: 50,
    },
  },
  evaluate: (input, { cases, peers, factor, deviations }) => {
    const { group, profiles, standing, at } = input;
    const compared = group.steps
      .filter((step) => step.cases >= cases)
      .map((step) => compare(input, step))
      .filter((comparison) => comparison.peers >= peers);
    const values = { steps: group.steps.length, compared: compared.length, until: profiles.until };
    if (compared.length === 0) return { outcome: 'not-evaluated', values, missing: 'enough cases and peers' };
    const findings = (['slow', 'fast'] as const).flatMap((direction): Finding[] => {
      const stands = standing?.includes(`${ID}|${groupId(group)}|${direction}`) ?? false;
      const ease = stands ? STAYS_ABOVE : 1;
      const found = compared
        .filter((one) => one.deviations >= deviations * ease)
        .filter(({ ratio }) => (direction === 'slow' ? ratio : 1 / ratio) >= factor * ease)
        .sort((a, b) => b.deviations - a.deviations);
      if (found.length === 0) return [];
      const describe = (): { title: Sentence; reason: Sentence } => tell(input, direction, found);
      return [{ kind: 'risk', key: direction, at: profiles.until ?? at, describe }];
    });
    return findings.length > 0 ? { outcome: 'fail', values, findings } : { outcome: 'pass', values };
  },
});
