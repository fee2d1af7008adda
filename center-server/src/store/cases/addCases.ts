import { copyRows, copyText, copyTime } from '../copyRows.ts';
import type { Client } from '../database.ts';
import type { SavedCase } from './saveCases.ts';

const INTO = `case_state (case_id, case_no, region, source, department, hall, counter, officer, matter, title, status,
  stage, submitted_at, accepted_at, ended_at, updated_at, updated_seq, state)`;

function line({ state, source, seq }: SavedCase): string {
  const texts = [
    ...[state.caseId, state.caseNo, state.region, source, state.department, state.hall, state.counter],
    ...[state.officer, state.matter, state.title, state.status, state.stage],
  ];
  const times = [state.submittedAt, state.acceptedAt, state.endedAt, state.lastEventAt];
  const fields = `${texts.map(copyText).join('\t')}\t${times.map(copyTime).join('\t')}`;
  return `${fields}\t${seq}\t${copyText(JSON.stringify(state))}\n`;
}

/** Writes cases of which the store holds nothing, as the one who holds the pipeline's lock can tell. */
export async function addCases(client: Client, cases: SavedCase[]): Promise<void> {
  if (cases.length > 0) await copyRows(client, INTO, cases.map(line));
}
