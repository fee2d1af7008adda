import type { AlertHistory, Millis, Sentence } from '@mingjing/contracts';
import {
  decide,
  defaultRouting,
  groupKey,
  messageTitle,
  milderCards,
  muteLines,
  undecided,
  type Decision,
} from '@mingjing/rules';
import type { Client } from '../store/database.ts';
import { insertTellings, type NewTelling } from '../store/routing/insertTellings.ts';
import { saveRouted, type RoutedChange } from '../store/routing/saveRouted.ts';
import { wakeInhibited, wakeReleased } from '../store/routing/wake.ts';
import { readSituations, type Routed, type Surroundings } from './situations.ts';

/** An alert with what was decided about it. */
export interface Decided extends Routed {
  decision: Decision;
}

/**
 * Decides about some alerts; writes nothing. One that cannot be decided about does not keep the others waiting.
 * @param now ms since the epoch
 * @param failed told of each that could not be decided about
 */
export async function decideAbout(
  client: Client,
  around: Surroundings,
  ids: number[],
  now: Millis,
  failed: (alertId: number, error: unknown) => void,
): Promise<Decided[]> {
  const routed = await readSituations(client, around, ids);
  return routed.map((one) => {
    try {
      return { ...one, decision: decide(one.situation, now) };
    } catch (thrown) {
      failed(one.row.id, thrown);
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      return { ...one, decision: undecided(one.situation, now, error) };
    }
  });
}

const isOver = ({ row }: Routed): boolean => row.state === 'closed' || row.state === 'rescinded';

function linesOf({ situation, decision }: Decided): RoutedChange['lines'] {
  const lines: RoutedChange['lines'] = muteLines(situation.history, decision).map((action) => ({
    action,
    note: action === 'silenced' || action === 'inhibited' ? decision.reason.zh : null,
  }));
  if (decision.rearm) lines.push({ action: 're-armed', note: decision.reason.zh });
  for (const { region, people } of decision.tell) {
    const escalated = decision.reason.name === 'escalated' || region !== decision.tell[0]?.region;
    const action: AlertHistory['action'] = escalated ? 'escalated' : 'told';
    // Who they are is for those who may see them; the history is for all who see the alert.
    lines.push({ action, note: `${region.name} ${people.length} 人` });
  }
  return lines;
}

function inhibitedBy({ row, decision }: Decided): number | null {
  if (decision.mute) return decision.mute.by === 'inhibition' ? decision.mute.id : null;
  // In somebody's hand, it is not asked what else would keep it quiet.
  return decision.stage === 'hold' && row.state === 'acknowledged' ? row.inhibitedBy : null;
}

function changeOf(decided: Decided, reopenMs: number): RoutedChange {
  const { row, decision } = decided;
  const levels = [...(row.level === null ? [] : [row.level]), ...decision.tell.map(({ level }) => level)];
  return {
    id: row.id,
    nextAt: decision.until,
    inhibitedBy: inhibitedBy(decided),
    level: levels.length === 0 ? null : Math.max(...levels),
    told: decision.tell.length > 0,
    rearmed: decision.rearm,
    reopenUntil: isOver(decided) && row.reopenUndecided ? row.changedAt + reopenMs : null,
    lines: linesOf(decided),
  };
}

/** Where the alerts of a group are, for the title that they are told under. */
function placeOf({ row, situation }: Routed, { directory }: Surroundings): Sentence {
  const department = directory.department(row.department);
  if (department) return { zh: department.name, en: department.nameEn };
  const [region] = situation.chain;
  return { zh: region?.name ?? row.region, en: region?.nameEn ?? row.region };
}

/** One message for each group and tier: 涿州市住建局 3 张红牌. */
function tellingsOf(decided: Decided[], around: Surroundings): NewTelling[] {
  const parts = decided.flatMap((one) =>
    one.decision.tell.map((tier) => ({
      one,
      tier,
      key: [groupKey(one.row), one.decision.reason.name, one.decision.round, tier.level].join('|'),
    })),
  );
  return [...Map.groupBy(parts, ({ key }) => key).values()].flatMap((group, message) => {
    const [first] = group;
    if (!first) return [];
    const titles = group.map(({ one }) => one.row.title);
    const title = messageTitle(titles, first.one.row, placeOf(first.one, around));
    return group.flatMap(({ one, tier }) =>
      tier.people.map((person) => ({
        ...{ message, title, reason: one.decision.reason, alertId: one.row.id, level: tier.level },
        ...{ round: one.decision.round, userId: person.userId, role: person.role, region: person.region },
      })),
    );
  });
}

/** Lets those be decided about for whom an alert begins or ceases to speak. */
async function wakeOthers(client: Client, decided: Decided[], now: Millis): Promise<void> {
  const fresh = decided.filter((one) => {
    const last = one.row.history.at(-1)?.action;
    return !isOver(one) && (last === 'raised' || last === 'reopened');
  });
  await wakeInhibited(client, {
    fingerprints: fresh.flatMap(({ row }) => milderCards(row)),
    sources: fresh.flatMap(({ row }) => (row.kind === 'silent' && row.source !== null ? [row.source] : [])),
    now,
  });
  await wakeReleased(
    client,
    decided.filter(isOver).map(({ row }) => row.id),
    now,
  );
}

/**
 * Writes decisions: who is told, the alerts as they are now, and their history.
 * @param now ms since the epoch, as it was decided by
 * @returns the ids of the alerts that look otherwise now
 */
export async function writeDecisions(
  client: Client,
  around: Surroundings,
  decided: Decided[],
  now: Millis,
): Promise<number[]> {
  const { reopenMinutes } = around.rules.ruleset().routing ?? defaultRouting;
  const changes = decided.map((one) => changeOf(one, reopenMinutes * 60_000));
  await insertTellings(client, tellingsOf(decided, around), now);
  await saveRouted(client, changes, now);
  await wakeOthers(client, decided, now);
  return changes.filter((change) => change.lines.length > 0).map(({ id }) => id);
}
