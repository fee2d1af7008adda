import type { Queryable } from '../store/database.ts';
import { readAuditLines } from '../store/audit/readAuditLines.ts';
import { GENESIS, lineHash } from './canonical.ts';

export type AuditVerdict =
  | {
      ok: true;
      lines: number;
      /** Note it down elsewhere: with it, lines cut off the end show too. */ head: string;
    }
  | { ok: false; seq: number; reason: string };

const PAGE = 1000;

/**
 * Walks the whole audit log and checks each line against its hash and the line before.
 * @returns the first line that does not fit, or the number of lines and the last hash
 */
export async function verifyAudit(db: Queryable): Promise<AuditVerdict> {
  let previous: Buffer = GENESIS;
  let seq = 0;
  for (;;) {
    const page = await readAuditLines(db, seq, PAGE);
    for (const { line, previousHash, hash } of page) {
      seq += 1;
      if (line.seq !== seq) return { ok: false, seq, reason: `line ${seq} is missing` };
      if (!previousHash.equals(previous))
        return { ok: false, seq, reason: `line ${seq} does not follow the one before` };
      if (!lineHash(previous, line).equals(hash))
        return { ok: false, seq, reason: `line ${seq} was changed` };
      previous = hash;
    }
    if (page.length < PAGE) return { ok: true, lines: seq, head: previous.toString('hex') };
  }
}
