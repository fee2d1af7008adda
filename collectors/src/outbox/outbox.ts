import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { CloudEvent } from '@mingjing/contracts';
import { isFull, messageOf, OutboxError, OutboxFullError } from './errors.ts';
import { inTransaction, openOutboxFile } from './open.ts';
import { Reserve } from './reserve.ts';

/** Bytes that an event names by their SHA-256: a picture. */
export interface Blob {
  sha256: string;
  mediaType: string;
  bytes: Uint8Array;
}

/** An event to be delivered, and the blob it names. */
export interface OutboxItem {
  event: CloudEvent;
  blob?: Blob;
}

/** An event as it waits. */
export interface WaitingEvent {
  seq: number;
  id: string;
  /** The event as JSON text. */
  body: string;
  /** The SHA-256 of the blob that must be at the centre before the event. */
  blob: string | null;
}

/** An event that the centre refused. */
export interface RejectedEvent {
  id: string;
  reason: string;
  body: string;
  /** ms since the epoch. */
  at: number;
}

export interface OutboxOptions {
  /** The file; its folder is made. One process at a time may hold it. */
  file: string;
  /** The most bytes that may wait, events and blobs together; 1 GiB unless told. */
  maxBytes?: number;
  /** How many rejected events are kept, the newest; 10,000 unless told. The centre keeps its dead letters itself. */
  keepRejected?: number;
}

/**
 * What a collector has observed and the centre has not yet confirmed, on disk: it survives an outage
 * of the centre and the death of this process. An event leaves it only when the centre answered for it.
 */
export class Outbox {
  readonly file: string;
  readonly #database: DatabaseSync;
  readonly #reserve: Reserve;
  readonly #maxBytes: number;
  readonly #keepRejected: number;
  readonly #listeners = new Set<() => void>();
  #bytes: number;
  #waiting: number;

  /** @throws OutboxError when the file cannot be opened or another process holds it */
  constructor(options: OutboxOptions) {
    this.file = options.file;
    this.#maxBytes = options.maxBytes ?? 1024 ** 3;
    this.#keepRejected = options.keepRejected ?? 10_000;
    this.#database = openOutboxFile(options.file);
    this.#reserve = new Reserve(`${options.file}.reserve`);
    this.#reserve.restore();
    const count = this.#database.prepare(
      `SELECT (SELECT count(*) FROM event) AS waiting,
        (SELECT coalesce(sum(bytes), 0) FROM event) + (SELECT coalesce(sum(size), 0) FROM blob) AS bytes`,
    );
    const { waiting, bytes } = count.get() as { waiting: number; bytes: number };
    this.#waiting = waiting;
    this.#bytes = bytes;
  }

  /** How many events wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** How many bytes of events and blobs wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Calls back after events came or left. Returns the way to stop listening. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Keeps events and the blobs they name: all of them, durably, or none. An event whose (source, id)
   * waits already is not added again.
   * @returns how many were added
   * @throws OutboxFullError when the limit is reached or the disk is full; nothing kept before is touched
   */
  append(items: readonly OutboxItem[]): number {
    const rows = items.map((item) => ({ ...item, body: JSON.stringify(item.event) }));
    const size = rows.reduce(
      (sum, row) => sum + Buffer.byteLength(row.body) + (row.blob?.bytes.byteLength ?? 0),
      0,
    );
    // One batch larger than the limit may enter an empty outbox, or it could never leave its source.
    if (this.#bytes > 0 && this.#bytes + size > this.#maxBytes) {
      throw new OutboxFullError(
        this.file,
        `its limit is ${this.#maxBytes} bytes, ${this.#bytes} wait and ${size} more came`,
      );
    }
    const added = this.#guarded(() =>
      inTransaction(this.#database, () => {
        let bytes = 0;
        let events = 0;
        for (const { event, blob, body } of rows) {
          const kept = this.#insertEvent(event, body, blob?.sha256 ?? null);
          if (kept === 0) continue;
          events += 1;
          bytes += kept + (blob ? this.#insertBlob(blob) : 0);
        }
        return { bytes, events };
      }),
    );
    this.#bytes += added.bytes;
    this.#waiting += added.events;
    this.#changed();
    return added.events;
  }

  #insertEvent(event: CloudEvent, body: string, blob: string | null): number {
    const bytes = Buffer.byteLength(body);
    const insert = this.#database.prepare(
      'INSERT INTO event (source, id, body, blob, bytes) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
    return insert.run(event.source, event.id, body, blob, bytes).changes === 0 ? 0 : bytes;
  }

  #insertBlob(blob: Blob): number {
    const digest = createHash('sha256').update(blob.bytes).digest('hex');
    if (digest !== blob.sha256) throw new OutboxError(`blob ${blob.sha256}: its bytes hash to ${digest}`);
    const size = blob.bytes.byteLength;
    const insert = this.#database.prepare(
      'INSERT INTO blob (sha256, media_type, bytes, size) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
    return insert.run(blob.sha256, blob.mediaType, blob.bytes, size).changes === 0 ? 0 : size;
  }

  /** The oldest events that wait, in order: one if there is any, then as many as fit. */
  next(maxEvents: number, maxBytes: number): WaitingEvent[] {
    const rows = this.#database
      .prepare('SELECT seq, id, body, blob FROM event ORDER BY seq LIMIT ?')
      .iterate(maxEvents);
    const batch: WaitingEvent[] = [];
    let bytes = 0;
    for (const row of rows as Iterable<unknown>) {
      const event = row as WaitingEvent;
      bytes += Buffer.byteLength(event.body) + 1;
      if (batch.length > 0 && bytes > maxBytes) break;
      batch.push(event);
    }
    return batch;
  }

  /** A blob that the centre does not have yet; undefined when it does. */
  unsentBlob(sha256: string): Blob | undefined {
    const row = this.#database
      .prepare('SELECT media_type AS mediaType, bytes FROM blob WHERE sha256 = ? AND sent = 0')
      .get(sha256) as { mediaType: string; bytes: Uint8Array } | undefined;
    return row && { sha256, ...row };
  }

  /** Notes that the centre has a blob. */
  blobSent(sha256: string): void {
    this.#yielding(() => this.#database.prepare('UPDATE blob SET sent = 1 WHERE sha256 = ?').run(sha256));
  }

  /**
   * Takes out events that the centre answered for, and keeps those it rejected apart, with the reason.
   * @param rejections the reason by `seq` of each rejected event
   * @param now ms since the epoch
   */
  settle(events: readonly WaitingEvent[], rejections: ReadonlyMap<number, string>, now: number): void {
    const freed = this.#yielding(() =>
      inTransaction(this.#database, () => {
        for (const event of events) this.#noteRejected(event, rejections.get(event.seq), now);
        return this.#remove(events);
      }),
    );
    this.#bytes -= freed;
    this.#waiting -= events.length;
    this.#reserve.restore();
    this.#changed();
  }

  #noteRejected(event: WaitingEvent, reason: string | undefined, now: number): void {
    if (reason === undefined) return;
    this.#database
      .prepare('INSERT OR REPLACE INTO rejected (seq, id, reason, body, at) VALUES (?, ?, ?, ?, ?)')
      .run(event.seq, event.id, reason, event.body, now);
    this.#database
      .prepare(
        'DELETE FROM rejected WHERE seq <= (SELECT seq FROM rejected ORDER BY seq DESC LIMIT 1 OFFSET ?)',
      )
      .run(this.#keepRejected);
  }

  /** Removes events and the blobs that no waiting event names any more; returns the bytes freed. */
  #remove(events: readonly WaitingEvent[]): number {
    let freed = 0;
    const removeEvent = this.#database.prepare('DELETE FROM event WHERE seq = ? RETURNING bytes AS freed');
    for (const { seq } of events) freed += freedBy(removeEvent.get(seq));
    const removeBlob = this.#database.prepare(
      'DELETE FROM blob WHERE sha256 = ?1 AND NOT EXISTS (SELECT 1 FROM event WHERE blob = ?1) RETURNING size AS freed',
    );
    for (const sha256 of new Set(events.flatMap((event) => event.blob ?? [])))
      freed += freedBy(removeBlob.get(sha256));
    return freed;
  }

  /** The newest rejected events, newest first. */
  rejected(limit = 100): RejectedEvent[] {
    return this.#database
      .prepare('SELECT id, reason, body, at FROM rejected ORDER BY seq DESC LIMIT ?')
      .all(limit) as unknown as RejectedEvent[];
  }

  /** What a reader noted under a key: how far it came in a file. */
  progress(key: string): string | undefined {
    const row = this.#database.prepare('SELECT value FROM progress WHERE key = ?').get(key);
    return row?.value as string | undefined;
  }

  /** Notes how far a reader came. @throws OutboxFullError on a full disk */
  setProgress(key: string, value: string): void {
    this.#guarded(() =>
      this.#database.prepare('INSERT OR REPLACE INTO progress VALUES (?, ?)').run(key, value),
    );
  }

  /** Closes the file; what waits stays in it. */
  close(): void {
    this.#listeners.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  /** Runs a write that may be refused for want of space. */
  #guarded<T>(write: () => T): T {
    try {
      return write();
    } catch (error) {
      throw isFull(error) ? new OutboxFullError(this.file, messageOf(error)) : error;
    }
  }

  /** Runs a write that frees space: on a full disk the reserve gives way to it. */
  #yielding<T>(write: () => T): T {
    try {
      return write();
    } catch (error) {
      if (!isFull(error)) throw error;
      this.#reserve.release();
      return this.#guarded(write);
    }
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

function freedBy(row: unknown): number {
  return (row as { freed: number } | undefined)?.freed ?? 0;
}
