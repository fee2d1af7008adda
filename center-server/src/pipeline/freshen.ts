import type { Client } from '../store/database.ts';
import { lockCursor } from '../store/pipeline/cursor.ts';
import { CURSOR } from './cursorName.ts';
import type { StepDeps } from './step.ts';

/** Which state of the rulebook each pipeline of this process has read. */
const read = new WeakMap<StepDeps['catchUp'], number>();

/**
 * Takes the pipeline's lock until the transaction ends, and reads rules, calendars, matters and halls anew
 * where somebody has changed them: whatever is judged under the lock is judged by what holds now, on any node.
 * @returns the number of the last observation that was worked on
 */
export async function lockPipeline(deps: StepDeps, client: Client): Promise<number> {
  const { seq, stamp } = await lockCursor(client, CURSOR);
  if (read.get(deps.catchUp) !== stamp) {
    await deps.rules.reload?.();
    await deps.directory.reload();
    read.set(deps.catchUp, stamp);
  }
  return seq;
}
