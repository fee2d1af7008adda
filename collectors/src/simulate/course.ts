import type { Budget, Procedure } from '@mingjing/contracts';
import { OPEN_MINUTES, workingDaysWithin } from './calendar.ts';
import type { Random } from './random.ts';
import type { Cast } from './script.ts';

/** When a clock stands still, in positions of the open-time axis. */
interface Stop {
  from: number;
  length: number;
  procedure: Procedure;
  /** How long the procedure may take. */
  limit: Budget;
}

/** How a case goes, in positions of the open-time axis (calendar.ts): 1 is one working day. */
export interface Course {
  submitted: number;
  accepted: number;
  /** When it is decided or withdrawn. */
  ends: number;
  stop: Stop | null;
  extension: { at: number; by: Budget; approved: boolean } | null;
  ending: 'granted' | 'filed' | 'refused' | 'withdrawn';
  /** A position of running time as one of the axis: later by the stop, when after it. */
  onAxis: (running: number) => number;
}

/** The position at which a budget that starts at `accepted` is used up. */
function dueAt(budget: Budget, accepted: number, date: string, calendar: 'cn' | 'weekdays'): number {
  if ('workingHours' in budget) return accepted + (budget.workingHours * 60) / OPEN_MINUTES;
  // The last day is whole: due at its closing.
  if ('workingDays' in budget) return Math.floor(accepted) + budget.workingDays + 0.99;
  if ('calendarDays' in budget)
    return Math.floor(accepted) + workingDaysWithin(date, budget.calendarDays, calendar) + 0.99;
  return accepted + 1;
}

/** Five days more, in the unit of the limit that is extended. */
function fiveMore(promised: Budget): Budget {
  return 'calendarDays' in promised ? { calendarDays: 5 } : { workingDays: 5 };
}

function endOf(cast: Cast, accepted: number, due: number, random: Random): number {
  const share = (from: number, to: number) => accepted + (due - accepted) * random.between(from, to);
  switch (cast.story) {
    case 'nearing':
      return share(0.93, 0.99);
    case 'overdue-closed':
      return due + random.between(0.6, 3);
    case 'overdue-open':
      return due + random.between(15, 25);
    case 'suspended-before-due':
      return due - 0.005;
    case 'extension-without-approver':
      return due + random.between(0.5, 2.5);
    default:
      // Most are done long before anybody is warned of them; a few take their time.
      return random.chance(0.03) ? share(0.6, 0.85) : share(0.15, 0.52);
  }
}

function stopOf(cast: Cast, accepted: number, due: number, ends: number, random: Random): Stop | null {
  if (cast.story === 'suspended-before-due') {
    return {
      from: due - 0.03,
      length: random.between(1.5, 3),
      procedure: 'correction',
      limit: { workingDays: 5 },
    };
  }
  const from = accepted + (ends - accepted) * random.between(0.3, 0.6);
  if (cast.story === 'suspension-over-limit') {
    return { from, length: random.between(5, 9), procedure: 'expert-review', limit: { workingDays: 3 } };
  }
  if (cast.story !== 'good' || due - accepted < 3 || !random.chance(0.04)) return null;
  const procedure = random.pick(['expert-review', 'test', 'hearing', 'correction'] as const);
  return { from, length: random.between(1, 3), procedure, limit: { workingDays: 5 } };
}

function endingOf(cast: Cast, random: Random): Course['ending'] {
  if (cast.story === 'refused-without-reason') return 'refused';
  if (/filing|registration|extract|card/.test(cast.matter.id)) return 'filed';
  if (cast.story !== 'good') return 'granted';
  if (random.chance(0.02)) return 'refused';
  return random.chance(0.01) ? 'withdrawn' : 'granted';
}

/**
 * Decides how a case goes.
 * @param submitted position of its submission on the axis of `date`
 * @param date the working day the axis begins with
 */
export function courseOf(cast: Cast, submitted: number, date: string, random: Random): Course {
  const accepted =
    cast.story === 'backdated-acceptance'
      ? submitted - random.between(0.6, 1.2)
      : submitted + random.between(6, 50) / OPEN_MINUTES;
  const due = dueAt(cast.matter.promised, accepted, date, cast.desk.region.calendar);
  const ends = endOf(cast, accepted, due, random);
  const stop = stopOf(cast, accepted, due, ends, random);
  const unapproved = cast.story === 'extension-without-approver';
  const extended = unapproved || (cast.story === 'good' && due - accepted > 3 && random.chance(0.01));
  return {
    submitted,
    accepted,
    ends,
    stop,
    extension: extended
      ? {
          at: accepted + (Math.min(ends, due) - accepted) * 0.8,
          by: fiveMore(cast.matter.promised),
          approved: !unapproved,
        }
      : null,
    ending: endingOf(cast, random),
    onAxis: (running) => (stop && running > stop.from ? running + stop.length : running),
  };
}
