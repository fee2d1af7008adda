import type { IngestAnswer, IngestResult, Millis } from '@mingjing/contracts';
import type { Pool } from '../store/database.ts';
import { insertDeadLetters, type NewDeadLetter } from '../store/observations/insertDeadLetters.ts';
import { touchSources } from '../store/observations/touchSources.ts';
import { checkEvent, type NewObservation } from './check.ts';
import { isTooDeep } from './depth.ts';
import { refuseUnasked } from './unasked.ts';
import type { IngestWriter } from './writer.ts';

export interface IngestDeps {
  pool: Pool;
  writer: IngestWriter;
  isRegion: (code: string) => boolean;
  now: () => Millis;
  maxAheadMs: number;
}

/** The longest text of a refused event that is kept, in characters. */
const MAX_LETTER = 100_000;

function letterText(raw: unknown): string {
  if (isTooDeep(raw)) return '…';
  const text = (JSON.stringify(raw) as string | undefined) ?? '';
  return text.length > MAX_LETTER ? `${text.slice(0, MAX_LETTER)}…` : text;
}

/**
 * Checks and stores the events of one source. A bad event never sinks the others: it becomes a dead
 * letter and its result says why. Resolves when everything accepted is durable.
 * @throws BusyError when too much is waiting
 */
export async function ingest(
  deps: IngestDeps,
  source: { id: string; region: string; screen?: string | null },
  events: unknown[],
): Promise<IngestAnswer> {
  const receivedAt = deps.now();
  const context = { source, receivedAt, maxAheadMs: deps.maxAheadMs, isRegion: deps.isRegion };
  const checked = await refuseUnasked(
    deps.pool,
    events.map((raw) => checkEvent(raw, context)),
  );
  const rows: NewObservation[] = checked.flatMap((result) => (result.ok ? [result.row] : []));
  const stored = await deps.writer.submit(source.id, rows);

  let next = 0;
  const letters: NewDeadLetter[] = [];
  const results = checked.map((result, index): IngestResult => {
    const outcome = result.ok ? stored[next++] : { status: 'rejected' as const, reason: result.reason };
    if (!outcome) throw new Error(`no result for event ${index}`);
    const id = result.ok ? result.row.id : result.id;
    if (outcome.status !== 'rejected') return { index, id, status: outcome.status };
    const kind = result.ok ? result.row.kind : result.kind;
    const body = letterText(events[index]);
    letters.push({ sourceId: source.id, receivedAt, eventId: id, kind, reason: outcome.reason, body });
    return { index, id, status: 'rejected', reason: outcome.reason };
  });
  if (letters.length > 0) await insertDeadLetters(deps.pool, letters);
  if (rows.length === 0) await touchSources(deps.pool, [source.id], receivedAt);
  return {
    stored: results.filter((result) => result.status === 'stored').length,
    duplicate: results.filter((result) => result.status === 'duplicate').length,
    rejected: letters.length,
    results,
  };
}
