import type { Random } from './random.ts';

const SURNAMES = Array.from(
  '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏',
);
const GIVEN = Array.from(
  '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建文辉力健鑫宇浩凯欣怡雪梅兰玉海山',
);
const TRADES = [
  '建材',
  '餐饮管理',
  '箱包',
  '石雕',
  '苗木',
  '塑料包装',
  '医疗器械',
  '文化传媒',
  '置业',
  '再生物资',
  '农资',
  '旅行社',
];
const MARKS = [
  '恒通',
  '金源',
  '瑞丰',
  '华北',
  '古城',
  '易水',
  '白洋淀',
  '京南',
  '双塔',
  '永济',
  '泰和',
  '联盛',
];

/** A made-up name. */
export function personName(random: Random): string {
  const given = random.pick(GIVEN) + (random.chance(0.7) ? random.pick(GIVEN) : '');
  return random.pick(SURNAMES) + given;
}

/** A made-up company of a place: 涿州市恒通建材有限公司. */
export function companyName(place: string, random: Random): string {
  return `${place}${random.pick(MARKS)}${random.pick(TRADES)}有限公司`;
}

/** Weights of GB 11643's check digit. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = '10X98765432';

/** A number in the form of an identity number whose check digit is wrong on purpose: it is nobody's. */
export function nobodysIdNumber(region: string, random: Random): string {
  const digits = `${region.slice(0, 6)}${random.int(1955, 2003)}${two(random.int(1, 12))}${two(random.int(1, 28))}${three(random.int(0, 999))}`;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(digits[at]), 0);
  return digits + (CHECKS[(sum + 1) % 11] ?? '0');
}

/** A number in the form of a company's credit code (GB 32100) with letters that the standard leaves out: it is nobody's. */
export function nobodysCreditCode(region: string, random: Random): string {
  const serial = Array.from({ length: 8 }, () => random.int(0, 9)).join('');
  return `91${region.slice(0, 6)}SIO${serial.slice(0, 7)}`;
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}
function three(n: number): string {
  return String(n).padStart(3, '0');
}

export const REASONS = {
  refused: [
    '申请材料经补正仍不符合法定形式',
    '现场踏勘不符合消防安全条件',
    '用地性质与规划不符',
    '不具备法定资质条件',
  ],
  suspended: ['申请材料需补正', '组织专家评审', '委托检验检测', '依申请举行听证'],
  extended: ['案情复杂，需征求相关部门意见', '涉及多部门联合踏勘'],
  corrected: ['补录时间有误', '系统时钟偏差'],
  withdrawn: ['申请人撤回申请'],
  badRating: ['等候时间过长', '来回跑了三趟', '窗口没有人', '要求提供规定以外的材料'],
  complaint: [
    '窗口工作人员推诿，让我去别的部门问，别的部门又让我回来。',
    '承诺五个工作日办结，已经过了还没有答复。',
    '要求提供办事指南以外的材料。',
    '中午提前关窗，排到号没有人办理。',
  ],
} as const;
