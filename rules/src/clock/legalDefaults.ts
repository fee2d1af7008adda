import type { Budget, Sentence } from '@mingjing/contracts';

/** A limit that holds where nobody says otherwise, and where it comes from. */
export interface DefaultLimit {
  budget: Budget;
  /** What may be added once, with the approval that the basis names; null where nothing may. */
  extension: Budget | null;
  basis: Sentence;
}

/**
 * Limits by law, and by custom where the law is silent. Days of the Administrative Licensing Law are working
 * days (its art. 82).
 */
export const legalDefaults = {
  /** One authority decides. */
  single: {
    budget: { workingDays: 20 },
    extension: { workingDays: 10 },
    basis: {
      zh: '《行政许可法》第四十二条第一款：自受理之日起二十日内作出决定；经本行政机关负责人批准可延长十日，并应告知理由。',
      en: 'Administrative Licensing Law, art. 42(1): decision within 20 days of acceptance; 10 more with the approval of the head of the authority, the applicant being told why.',
    },
  },
  /** Several authorities decide together: 统一、联合、集中办理. */
  joint: {
    budget: { workingDays: 45 },
    extension: { workingDays: 15 },
    basis: {
      zh: '《行政许可法》第四十二条第二款：统一办理或者联合办理、集中办理的不得超过四十五日；经本级人民政府负责人批准可延长十五日。',
      en: 'Administrative Licensing Law, art. 42(2): 45 days where handled jointly; 15 more with the approval of the head of the government of that level.',
    },
  },
  /** From the decision to handing over or sending the licence. */
  delivery: {
    budget: { workingDays: 10 },
    extension: null,
    basis: {
      zh: '《行政许可法》第四十四条：自作出决定之日起十日内颁发、送达行政许可证件。',
      en: 'Administrative Licensing Law, art. 44: the licence is issued and delivered within 10 days of the decision.',
    },
  },
  order: {
    budget: { workingDays: 5 },
    extension: null,
    basis: {
      zh: '督办单未写明期限时的惯例：五个工作日内回复。',
      en: 'Custom where an order names no limit: an answer within 5 working days.',
    },
  },
  complaint: {
    budget: { calendarDays: 60 },
    extension: { calendarDays: 30 },
    basis: {
      zh: '《信访工作条例》第三十四条：自受理之日起六十日内办结；情况复杂的，经本机关、单位负责人批准可延长，不超过三十日。',
      en: 'Regulations on Petition Work, art. 34: settled within 60 days of acceptance; up to 30 more in complex matters with the approval of the head.',
    },
  },
  appeal: {
    budget: { workingDays: 5 },
    extension: null,
    basis: {
      zh: '对牌的申诉，未写明期限时的惯例：五个工作日内答复。',
      en: 'Custom for an appeal against a card that names no limit: an answer within 5 working days.',
    },
  },
} satisfies Record<string, DefaultLimit>;
