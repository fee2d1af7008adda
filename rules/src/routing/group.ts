import { moment, wait, type Stage } from './view.ts';

/** 合并: a new alert waits a little for others of its group, to be told as one; one that ends meanwhile is not told. */
export const group: Stage = (view) => {
  const { toldAt, groupSince, policy, at } = view;
  const until = groupSince + policy.groupSeconds * 1000;
  if (toldAt !== null || at >= until) return null;
  const when = moment(view, until);
  const reason = {
    name: 'gathering',
    zh: `等同部门、同规则的其他告警到 ${when.zh}，合并告知。`,
    en: `Waits until ${when.en} for others of the same department and rule, to be told as one.`,
  };
  return wait('group', reason, until);
};
