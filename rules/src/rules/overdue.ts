import { overdueOf } from './overdueOf.ts';

/** 预警、黄牌、红牌 of the case itself. */
export const overdue = overdueOf('case', {
  id: 'overdue',
  version: 2,
  name: { zh: '办件时限', en: 'Case time limit' },
  basis: {
    zh: '《行政许可法》第四十二条（二十日内作出决定，经批准可延长十日）、第四十五条（听证、检验等时间不计）、第八十二条（以工作日计算）；承诺时限以事项公示为准。',
    en: 'Administrative Licensing Law, art. 42 (decision within 20 days, 10 more with approval), art. 45 (hearings, tests and the like are not counted), art. 82 (working days); the promised limit as published for the matter.',
  },
});
