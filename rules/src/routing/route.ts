import type { Role } from '@mingjing/contracts';
import type { TierTold } from './model.ts';
import { wait, type Stage, type View } from './view.ts';

/** Nobody is there to be told: looked at again this much later. */
const LOOK_AGAIN_MS = 3_600_000;

/** The lowest tier from `level` up where anybody has one of the roles; undefined where none has. */
export function tierFrom(
  { chain, people }: View,
  level: number,
  roles: readonly Role[],
): TierTold | undefined {
  for (let tier = level; tier < chain.length; tier += 1) {
    const region = chain[tier];
    if (!region) continue;
    const there = people.filter((one) => one.region === region.code && roles.includes(one.role));
    if (there.length > 0) return { level: tier, region, people: there };
  }
  return undefined;
}

/** 告知: the people of the alert's own tier; where there are none, those of the next one above. */
export const route: Stage = (view) => {
  const { toldAt, policy, at, chain, round } = view;
  if (toldAt !== null) return null;
  const told = tierFrom(view, 0, policy.tell);
  if (!told) {
    const reason = {
      name: 'nobody',
      zh: '本级和上级都没有可告知的人。',
      en: 'There is nobody to be told here or above.',
    };
    return wait('route', reason, at + LOOK_AGAIN_MS);
  }
  const own = chain[0];
  const reason =
    told.level === 0
      ? {
          name: 'own-tier',
          zh: `告知${told.region.name}的值守人员。`,
          en: `The people of ${told.region.nameEn} are told.`,
        }
      : {
          name: 'nobody-here',
          zh: `${own?.name ?? ''}没有可告知的人，告知${told.region.name}。`,
          en: `Nobody in ${own?.nameEn ?? ''} can be told: ${told.region.nameEn} is.`,
        };
  return { ...wait('route', reason, at), round, tell: [told] };
};
