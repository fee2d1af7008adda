import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isFull, messageOf, OutboxError, OutboxFullError } from './errors.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, id TEXT NOT NULL,
    body TEXT NOT NULL, blob TEXT, bytes INTEGER NOT NULL, UNIQUE (source, id));
  CREATE INDEX IF NOT EXISTS event_blob ON event (blob) WHERE blob IS NOT NULL;
  CREATE TABLE IF NOT EXISTS blob (
    sha256 TEXT PRIMARY KEY, media_type TEXT NOT NULL, bytes BLOB NOT NULL,
    size INTEGER NOT NULL, sent INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE IF NOT EXISTS rejected (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL, reason TEXT NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS progress (key TEXT PRIMARY KEY, value TEXT NOT NULL);
`;

/**
 * Opens an outbox file for this process alone: a second process is refused, or everything would be
 * sent twice; a killed one lets go. WAL with synchronous=FULL syncs the log at every commit, so that
 * what was appended survives a power cut.
 * @throws OutboxError naming the file and the cause
 */
export function openOutboxFile(file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true });
    database = new DatabaseSync(file, { timeout: 1000 });
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    database.exec(SCHEMA);
    // Takes the lock now, not at the first event.
    database.exec('BEGIN IMMEDIATE; COMMIT;');
    return database;
  } catch (error) {
    database?.close();
    if (isFull(error)) throw new OutboxFullError(file, messageOf(error));
    const cause = /locked|busy/i.test(messageOf(error)) ? 'another process holds it' : messageOf(error);
    throw new OutboxError(`outbox ${file} cannot be opened: ${cause}`);
  }
}

/** Runs `work` in one transaction: all of it is durable, or none. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite has already rolled back by itself after some errors, a full disk among them.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
