import { inScope, type Millis } from '@mingjing/contracts';
import type { HeldSilence, RoutedAlert, SilenceMatchers } from './model.ts';
import { moment, wait, type Stage } from './view.ts';

type Matched = Pick<RoutedAlert, 'region' | 'department' | 'rule' | 'kind' | 'caseId'>;

/** Whether a silence is about an alert. */
export function covers(silence: SilenceMatchers, alert: Matched): boolean {
  const { region, department, rule, kind, caseId } = silence;
  return (
    inScope(region, alert.region) &&
    (department === null || department === alert.department) &&
    (rule === null || rule === alert.rule) &&
    (kind === null || kind === alert.kind) &&
    (caseId === null || caseId === alert.caseId)
  );
}

function holds({ createdAt, expiresAt, endedAt }: HeldSilence, at: Millis): boolean {
  return createdAt <= at && at < expiresAt && (endedAt === null || at < endedAt);
}

/** 静音: somebody said, with a reason and for a time, that nobody need be told. The longest one decides. */
export const silence: Stage = (view) => {
  const { alert, silences, at } = view;
  const [by] = silences
    .filter((one) => holds(one, at) && covers(one, alert))
    .sort((a, b) => b.expiresAt - a.expiresAt || a.id - b.id);
  if (!by) return null;
  const until = moment(view, by.expiresAt);
  const reason = {
    name: 'silenced',
    zh: `${by.author}已静音至 ${until.zh}：${by.reason}`,
    en: `Silenced by ${by.author} until ${until.en}: ${by.reason}`,
  };
  return wait('silence', reason, by.expiresAt, { by: 'silence', id: by.id });
};
