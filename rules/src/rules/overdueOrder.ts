import { overdueOf } from './overdueOf.ts';

/** A supervision order that was not answered in time. */
export const overdueOrder = overdueOf('order', {
  id: 'overdue-order',
  version: 1,
  name: { zh: '督办时限', en: 'Supervision order time limit' },
  basis: {
    zh: '《行政许可法》第六十条：上级行政机关应当加强对下级行政机关实施行政许可的监督检查；督办单写明的期限。',
    en: 'Administrative Licensing Law, art. 60: the higher authority supervises how the lower one licenses; the limit that the order names.',
  },
});
