import type { EngineChange } from '@mingjing/rules';
import { claimCards } from '../store/alerts/claimCards.ts';
import { endAlerts } from '../store/alerts/endAlerts.ts';
import { raiseAlerts } from '../store/alerts/raiseAlerts.ts';
import { rescindCards } from '../store/alerts/rescindCards.ts';
import { addClocks } from '../store/cases/addClocks.ts';
import { saveClocks } from '../store/cases/saveClocks.ts';
import type { Client } from '../store/database.ts';

type Change<T extends EngineChange['type']> = Extract<EngineChange, { type: T }>;

function ofType<T extends EngineChange['type']>(changes: EngineChange[], type: T): Change<T>[] {
  return changes.filter((change): change is Change<T> => change.type === type);
}

/**
 * Writes what the engine decided, in bulk. What is taken back goes first, so that a rung can be issued anew.
 * A card is claimed before its alert is raised: whoever loses the claim raises nothing.
 * @param now ms since the epoch
 * @param isNew whether nothing of a case was in the store before
 * @returns the ids of the alerts that changed
 */
export async function applyChanges(
  client: Client,
  changes: EngineChange[],
  now: number,
  isNew: (caseId: string) => boolean = () => false,
): Promise<number[]> {
  const clocks = Object.groupBy(ofType(changes, 'clock'), ({ caseId }) => (isNew(caseId) ? 'new' : 'held'));
  await addClocks(client, clocks.new ?? []);
  await saveClocks(client, clocks.held ?? []);
  const takenBack = ofType(changes, 'card.rescinded');
  await rescindCards(client, takenBack);
  const issued = ofType(changes, 'card.issued').map(({ caseId, card, explanation, alert }) => ({
    caseId,
    explanation,
    card: { ...card, issuedAt: now },
    fingerprint: alert.fingerprint,
    alert,
  }));
  // A card that is only dated anew leaves what a person has closed as it is.
  const returning = new Set(issued.map(({ fingerprint }) => fingerprint));
  const gone = takenBack.map((card) => ({ ...card, evenClosed: !returning.has(card.fingerprint) }));
  const ended = await endAlerts(client, [...gone, ...ofType(changes, 'alert.rescinded')], now);
  const claimed = new Set((await claimCards(client, issued)).map((claim) => claim.fingerprint));
  const raised = await raiseAlerts(
    client,
    [
      ...issued.filter((claim) => claimed.has(claim.fingerprint)).map((claim) => claim.alert),
      ...ofType(changes, 'alert.raised').map((change) => change.alert),
    ],
    now,
  );
  return [...ended, ...raised];
}
