import { legalDefaults } from '../clock/legalDefaults.ts';
import { overdueOf } from './overdueOf.ts';

/** A complaint that was not answered in time. */
export const overdueComplaint = overdueOf('complaint', {
  id: 'overdue-complaint',
  version: 1,
  name: { zh: '投诉办理时限', en: 'Complaint time limit' },
  basis: legalDefaults.complaint.basis,
});
