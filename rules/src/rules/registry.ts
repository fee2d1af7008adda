import type { Rule } from '../rule.ts';
import { overdue } from './overdue.ts';
import { overdueAppeal } from './overdueAppeal.ts';
import { overdueComplaint } from './overdueComplaint.ts';
import { overdueDelivery } from './overdueDelivery.ts';
import { overdueOrder } from './overdueOrder.ts';
import { overdueStage } from './overdueStage.ts';
import { refusalWithoutReason } from './refusalWithoutReason.ts';
import { sameOfficer } from './sameOfficer.ts';
import { silentCollector } from './silentCollector.ts';
import { stepInSeconds } from './stepInSeconds.ts';
import { suspendedBeforeDue } from './suspendedBeforeDue.ts';

/** Every rule that is shipped, in the order in which they run. A new rule is a file and a line here. */
export const shippedRules: readonly Rule[] = [
  overdue,
  overdueStage,
  overdueDelivery,
  overdueOrder,
  overdueComplaint,
  overdueAppeal,
  suspendedBeforeDue,
  sameOfficer,
  refusalWithoutReason,
  stepInSeconds,
  silentCollector,
];
