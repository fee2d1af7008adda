import type { AlertHistory, AlertState, Millis } from '@mingjing/contracts';
import type { Decision, PastLine, Situation } from './model.ts';

type Action = AlertHistory['action'];

const BECOMES: Partial<Record<Action, AlertState>> = {
  raised: 'open',
  reopened: 'open',
  unacknowledged: 'open',
  're-armed': 'open',
  acknowledged: 'acknowledged',
  ordered: 'ordered',
  answered: 'answered',
  closed: 'closed',
  rescinded: 'rescinded',
};

/** What begins a time in which nobody is waited for, and what ends it. */
const PAUSES: readonly { begins: readonly Action[]; ends: readonly Action[] }[] = [
  {
    begins: ['acknowledged'],
    ends: ['unacknowledged', 're-armed', 'reopened', 'closed', 'rescinded', 'ordered'],
  },
  { begins: ['silenced'], ends: ['unsilenced'] },
  { begins: ['inhibited'], ends: ['uninhibited'] },
  { begins: ['closed', 'rescinded', 'ordered'], ends: ['reopened', 're-armed', 'unacknowledged'] },
];

/** How an alert stands by its history, and until when it is in hand if it is acknowledged. */
export function standingOf(history: readonly PastLine[]): { state: AlertState; until: Millis | null } {
  let state: AlertState = 'open';
  let until: Millis | null = null;
  for (const line of history) {
    const next = BECOMES[line.action];
    if (next === undefined) continue;
    state = next;
    until = line.action === 'acknowledged' ? (line.until ?? null) : null;
  }
  return { state, until };
}

/** The times in which its escalation stood still; one that is not over is counted up to `at`. */
export function pausesOf(history: readonly PastLine[], at: Millis): { from: Millis; to: Millis }[] {
  return PAUSES.flatMap(({ begins, ends }) => {
    const spans: { from: Millis; to: Millis }[] = [];
    let from: Millis | null = null;
    for (const line of history) {
      if (begins.includes(line.action)) from ??= line.at;
      else if (ends.includes(line.action) && from !== null) {
        spans.push({ from, to: line.at });
        from = null;
      }
    }
    return from === null ? spans : [...spans, { from, to: at }];
  });
}

/** 1 at first, and one more with each time that it opened again unhandled. */
export function roundOf(history: readonly PastLine[]): number {
  return 1 + history.filter((line) => line.action === 're-armed').length;
}

function lastOf(history: readonly PastLine[], actions: readonly Action[]): Action | undefined {
  return history.findLast((line) => actions.includes(line.action))?.action;
}

/** The lines that a decision adds to the history about what keeps the alert quiet. */
export function muteLines(history: readonly PastLine[], { stage, mute }: Decision): Action[] {
  if (stage === 'hold' || stage === 'group') return [];
  const silenced = lastOf(history, ['silenced', 'unsilenced']) === 'silenced';
  const inhibited = lastOf(history, ['inhibited', 'uninhibited']) === 'inhibited';
  const lines: Action[] = [];
  // An inhibited alert is not asked whether it is silenced as well: that line stays open.
  if (silenced && mute === null) lines.push('unsilenced');
  if (inhibited && mute?.by !== 'inhibition') lines.push('uninhibited');
  if (mute?.by === 'silence' && !silenced) lines.push('silenced');
  if (mute?.by === 'inhibition' && !inhibited) lines.push('inhibited');
  return lines;
}

/** A situation as it was known at an instant: what happened later has not happened. */
export function asKnownAt(situation: Situation, at: Millis): Situation {
  const before = (one: { at: Millis }): boolean => one.at <= at;
  return {
    ...situation,
    history: situation.history.filter(before),
    told: situation.told.filter(before),
    inhibitors: situation.inhibitors.filter((one) => one.raisedAt <= at),
    silences: situation.silences
      .filter((one) => one.createdAt <= at)
      .map((one) => (one.endedAt !== null && one.endedAt > at ? { ...one, endedAt: null } : one)),
  };
}
