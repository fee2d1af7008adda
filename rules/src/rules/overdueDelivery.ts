import { legalDefaults } from '../clock/legalDefaults.ts';
import { overdueOf } from './overdueOf.ts';

/** A licence that was granted and is not handed over in time. */
export const overdueDelivery = overdueOf('delivery', {
  id: 'overdue-delivery',
  version: 1,
  name: { zh: '送达时限', en: 'Delivery time limit' },
  basis: legalDefaults.delivery.basis,
});
