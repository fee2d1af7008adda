import { legalDefaults } from '../clock/legalDefaults.ts';
import { overdueOf } from './overdueOf.ts';

/** An appeal against a card that was not decided in time. */
export const overdueAppeal = overdueOf('appeal', {
  id: 'overdue-appeal',
  version: 1,
  name: { zh: '申诉答复时限', en: 'Appeal time limit' },
  basis: legalDefaults.appeal.basis,
});
