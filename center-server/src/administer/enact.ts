import { CURSOR } from '../pipeline/cursorName.ts';
import type { Client } from '../store/database.ts';
import { askCameras } from '../store/cameras/askCameras.ts';
import { wakeStanding } from '../store/routing/wake.ts';
import { raiseStamp } from '../store/pipeline/cursor.ts';
import { askRejudging, type Concerned } from '../store/rejudging/askRejudging.ts';
import { markEnacted } from '../store/ruleset/markEnacted.ts';

/** Every centre has read the rulebook anew by then; only then is it asked who is told by the new one. */
const READ_WITHIN_MS = 15_000;

/**
 * Lets a change of what cases are judged by take effect, inside its transaction: every pipeline reads the
 * rulebook anew before its next step, all cameras and the cases that the change concerns are judged again, and it is decided
 * anew who is told of the alerts that stand.
 * @param now ms since the epoch
 */
export async function takeEffect(client: Client, concerned: Concerned, now: number): Promise<void> {
  await raiseStamp(client, CURSOR);
  await askRejudging(client, concerned, now);
  await askCameras(client, now);
  await wakeStanding(client, now + READ_WITHIN_MS);
}

/** Lets a version of the ruleset take effect, once however many centres notice that its time has come. */
export async function enactRuleset(client: Client, version: number, now: number): Promise<void> {
  if (await markEnacted(client, version, now)) await takeEffect(client, { all: true }, now);
}
