import { createHash } from 'node:crypto';

/** What a line of the audit log says; everything that its hash covers besides the line before. */
export interface AuditLine {
  seq: number;
  /** ms since the epoch */
  at: number;
  /** Who acted: a user's name, `source:<id>`, or `cli:<account>` for the command line. */
  actor: string;
  region: string | null;
  action: string;
  object: string | null;
  detail: Record<string, unknown>;
}

/** The first line's predecessor. */
export const GENESIS = Buffer.alloc(32);

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/** JSON with its keys in order: the same value always gives the same text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value));
}

/** SHA-256 over the hash of the line before and this line's canonical JSON. */
export function lineHash(previous: Buffer, line: AuditLine): Buffer {
  const { seq, at, actor, region, action, object, detail } = line;
  const text = canonicalJson({ seq, at, actor, region, action, object, detail });
  return createHash('sha256').update(previous).update(text).digest();
}
