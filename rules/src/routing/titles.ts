import type { AlertKind, Sentence } from '@mingjing/contracts';

const COUNTED: Record<AlertKind, (n: number) => Sentence> = {
  notice: (n) => ({ zh: `${n} 条预警`, en: `${n} notices` }),
  yellow: (n) => ({ zh: `${n} 张黄牌`, en: `${n} yellow cards` }),
  red: (n) => ({ zh: `${n} 张红牌`, en: `${n} red cards` }),
  risk: (n) => ({ zh: `${n} 条廉政风险`, en: `${n} integrity risks` }),
  silent: (n) => ({ zh: `${n} 个采集源静默`, en: `${n} silent sources` }),
  'rule-failed': (n) => ({ zh: `${n} 条规则故障`, en: `${n} failures of rules` }),
  rating: (n) => ({ zh: `${n} 条差评`, en: `${n} bad ratings` }),
};

/** Alerts that are told as one: of one region, department, rule and kind. */
export function groupKey(alert: {
  region: string;
  department: string | null;
  rule: string;
  kind: AlertKind;
}): string {
  return [alert.region, alert.department ?? '', alert.rule, alert.kind].join('|');
}

/** Where a kind is told of more than one thing, by the rule. */
const COUNTED_BY_RULE: Readonly<Record<string, (n: number) => Sentence>> = {
  'camera-lost': (n) => ({ zh: `${n} 路视频中断`, en: `${n} cameras without a picture` }),
  'camera-tampered': (n) => ({ zh: `${n} 路摄像机异常`, en: `${n} cameras covered or moved` }),
};

/** What a message to people says: one alert's own title, or how many of a kind and where: 涿州市住建局 3 张红牌. */
export function messageTitle(
  titles: readonly Sentence[],
  { kind, rule }: { kind: AlertKind; rule: string },
  where: Sentence,
): Sentence {
  const [only] = titles;
  if (only && titles.length === 1) return only;
  const counted = (COUNTED_BY_RULE[rule] ?? COUNTED[kind])(titles.length);
  return { zh: `${where.zh} ${counted.zh}`, en: `${where.en}: ${counted.en}` };
}
