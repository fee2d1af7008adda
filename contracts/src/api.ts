import { z } from 'zod';
import { regionCodeSchema } from './region.ts';
import { nameSchema, sourceIdSchema } from './text.ts';
import type { User } from './users.ts';
import type { Region } from './region.ts';

/** GET /api/session */
export interface Session {
  user: User;
  region: Region;
  /** The one wall that this session is for, when a wall runs by itself. */
  wall?: string;
  /** When the session ends, ms since the epoch. */
  expiresAt: number;
}

export const newSourceSchema = z.strictObject({
  id: sourceIdSchema,
  name: nameSchema,
  kind: z.string().min(1).max(40),
  region: regionCodeSchema,
  /** Silence longer than this raises an alert; 0 never does. */
  expectEverySeconds: z.int().min(0).max(86_400).default(0),
});
export type NewSource = z.infer<typeof newSourceSchema>;

/** POST /api/sources answers with the token, this once. */
export interface CreatedSource {
  id: string;
  token: string;
}

/** A rejected event, kept with its reason. */
export interface DeadLetter {
  id: number;
  sourceId: string;
  receivedAt: number;
  eventId: string | null;
  kind: string | null;
  reason: string;
  /** The event as it came, as text. */
  body: string;
  replayedAt: number | null;
}

export interface DeadLetterPage {
  letters: DeadLetter[];
  next: number | null;
  total: number;
}

/** GET /api/report/overdue: how many cases of one source are overdue at an instant. */
export interface OverdueReport {
  cases: number;
  events: number;
  closed: { total: number; overdue: number };
  open: { total: number; overdue: number };
  /** Observations that are stored but not yet judged, of all sources: 0 means that the counts are settled. */
  pending: number;
}

/** A line of the audit log. */
export interface AuditEntry {
  seq: number;
  /** ms since the epoch */
  at: number;
  /** Who acted: a user's name, or `cli:<account>` for the command line. */
  actor: string;
  region: string | null;
  /** What was done: `user.added`, `alert.acknowledge`, `session.refused`… */
  action: string;
  object: string | null;
  detail: Record<string, unknown>;
}

/** GET /api/audit */
export interface AuditPage {
  entries: AuditEntry[];
  /** Pass as `before` to get the next page; null at the end. */
  next: number | null;
  total: number;
}
