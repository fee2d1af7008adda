import type { Rule } from '../rule.ts';
import { backDatedAcceptance } from './backDatedAcceptance.ts';
import { cameraLost } from './cameraLost.ts';
import { cameraTampered } from './cameraTampered.ts';
import { decidedOutsideHall } from './decidedOutsideHall.ts';
import { extensionWithoutApprover } from './extensionWithoutApprover.ts';
import { lateAcceptance } from './lateAcceptance.ts';
import { nearing } from './nearing.ts';
import { offHours } from './offHours.ts';
import { overdue } from './overdue.ts';
import { overdueAppeal } from './overdueAppeal.ts';
import { overdueComplaint } from './overdueComplaint.ts';
import { overdueDelivery } from './overdueDelivery.ts';
import { overdueOrder } from './overdueOrder.ts';
import { overdueStage } from './overdueStage.ts';
import { peerOutlier } from './peerOutlier.ts';
import { predictedOverdue } from './predictedOverdue.ts';
import { refusalWithoutReason } from './refusalWithoutReason.ts';
import { sameOfficer } from './sameOfficer.ts';
import { silentCollector } from './silentCollector.ts';
import { stepInSeconds } from './stepInSeconds.ts';
import { stepOutOfOrder } from './stepOutOfOrder.ts';
import { storageFull } from './storageFull.ts';
import { suspendedBeforeDue } from './suspendedBeforeDue.ts';
import { suspensionOverLimit } from './suspensionOverLimit.ts';

/** Every rule that is shipped, in the order in which they run. A new rule is a file and a line here. */
export const shippedRules: readonly Rule[] = [
  overdue,
  overdueStage,
  overdueDelivery,
  overdueOrder,
  overdueComplaint,
  overdueAppeal,
  nearing,
  predictedOverdue,
  suspendedBeforeDue,
  suspensionOverLimit,
  extensionWithoutApprover,
  backDatedAcceptance,
  lateAcceptance,
  stepInSeconds,
  stepOutOfOrder,
  sameOfficer,
  refusalWithoutReason,
  decidedOutsideHall,
  offHours,
  peerOutlier,
  silentCollector,
  storageFull,
  cameraLost,
  cameraTampered,
];
