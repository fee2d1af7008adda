import { parseInstant, type Millis } from '@mingjing/contracts';
import type { Plan } from './plan.ts';
import { totalOf, type ClockSpec } from './spec.ts';

/**
 * A planned deadline, compared as an instant: what ends at it is in time, what ends a millisecond later is
 * late. Suspensions do not move it, whoever set it may set another; an extension moves it to a later one.
 * Shares are shares of the time between start and deadline.
 */
export function planInstant(spec: ClockSpec): Plan {
  let dueAt: Millis | null = null;
  for (const budget of [spec.budget, ...spec.extensions.map((extension) => extension.by)]) {
    if ('until' in budget) dueAt = Math.max(dueAt ?? -Infinity, parseInstant(budget.until));
  }
  if (dueAt === null) throw new RangeError('budget: expected {"until": instant}');
  const end = dueAt;
  return {
    total: totalOf(spec),
    dueDate: null,
    dueAt,
    provisional: false,
    usedAt: () => null,
    suspendedAt: () => 0,
    shareAt: (share) => spec.startedAt + Math.max(0, Math.ceil(share * (end - spec.startedAt) - 1e-6)),
  };
}
