import type { Rule } from '../rule.ts';
import { overdue } from './overdue.ts';
import { refusalWithoutReason } from './refusalWithoutReason.ts';
import { sameOfficer } from './sameOfficer.ts';
import { silentCollector } from './silentCollector.ts';
import { stepInSeconds } from './stepInSeconds.ts';
import { suspendedBeforeDue } from './suspendedBeforeDue.ts';

/** Every rule that is shipped, in the order in which they run. A new rule is a file and a line here. */
export const shippedRules: readonly Rule[] = [
  overdue,
  suspendedBeforeDue,
  sameOfficer,
  refusalWithoutReason,
  stepInSeconds,
  silentCollector,
];
