import type { Ladder, Ruleset } from '@mingjing/contracts';
import { defaultRouting } from '../routing/defaults.ts';
import { shippedRules } from '../rules/registry.ts';

/** 保定: yellow when 90 % of the promised limit is used, red when it is exceeded; a notice at 70 %. */
export const baodingLadder: Ladder = {
  id: 'baoding',
  name: '用满 90% 黄牌，超期红牌',
  nameEn: 'yellow at 90 % used, red when exceeded',
  rungs: [
    { rung: 'notice', at: { used: 0.7 } },
    { rung: 'yellow', at: { used: 0.9 } },
    { rung: 'red', at: { exceeded: true } },
  ],
};

/**
 * The other published custom: yellow when the limit is exceeded. Red comes when the limit of the supervision
 * order that follows is exceeded: `orderLadder`, for the clocks of orders.
 */
export const exceededFirstLadder: Ladder = {
  id: 'exceeded-first',
  name: '超期黄牌，督办超期红牌',
  nameEn: 'yellow when exceeded, red when the order is exceeded',
  rungs: [
    { rung: 'notice', at: { used: 0.9 } },
    { rung: 'yellow', at: { exceeded: true } },
  ],
};

/** A stage that takes too long is a notice: the case itself may still be in time. */
export const stageLadder: Ladder = {
  id: 'stage',
  name: '环节超期预警',
  nameEn: 'notice when a stage exceeds its limit',
  rungs: [{ rung: 'notice', at: { exceeded: true } }],
};

/** Red when an order's own limit is exceeded. */
export const orderLadder: Ladder = {
  id: 'order',
  name: '督办超期红牌',
  nameEn: 'red when the order is exceeded',
  rungs: [{ rung: 'red', at: { exceeded: true } }],
};

/** The ladders that come with the program. */
export const ladderPresets: readonly Ladder[] = [
  baodingLadder,
  exceededFirstLadder,
  stageLadder,
  orderLadder,
];

/** What a centre starts with: Baoding's ladder everywhere, every shipped rule on with its defaults. */
export const defaultRuleset: Ruleset = {
  version: 1,
  ladders: [...ladderPresets],
  assignments: [
    { ladder: baodingLadder.id },
    { level: 'stage', ladder: stageLadder.id },
    { level: 'delivery', ladder: exceededFirstLadder.id },
    { level: 'order', ladder: orderLadder.id },
    { level: 'complaint', ladder: exceededFirstLadder.id },
    { level: 'appeal', ladder: exceededFirstLadder.id },
  ],
  rules: Object.fromEntries(shippedRules.map((rule) => [rule.id, { enabled: true, parameters: {} }])),
  routing: defaultRouting,
};
