import { copyRows, copyText, copyTime } from '../copyRows.ts';
import type { Client } from '../database.ts';
import type { SavedClock } from './saveClocks.ts';

const INTO = `clock (clock_id, case_id, level, due_date, started_at, ended_at, due_at, next_at, suspended, provisional,
  projection, rungs)`;

function line({ caseId, clock, rungs, nextAt }: SavedClock): string {
  const texts = [clock.clockId, caseId, clock.level, clock.dueDate];
  const times = [clock.startedAt, clock.endedAt, clock.dueAt, nextAt];
  const fields = `${texts.map(copyText).join('\t')}\t${times.map(copyTime).join('\t')}`;
  const documents = `${copyText(JSON.stringify(clock))}\t${copyText(JSON.stringify(rungs))}`;
  return `${fields}\t${clock.suspended}\t${clock.provisional}\t${documents}\n`;
}

/** Writes the clocks of cases that are new, and so have none in the store. */
export async function addClocks(client: Client, clocks: SavedClock[]): Promise<void> {
  if (clocks.length > 0) await copyRows(client, INTO, clocks.map(line));
}
