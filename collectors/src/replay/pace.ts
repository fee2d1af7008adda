import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import type { CloudEvent } from '@mingjing/contracts';
import type { OutboxItem } from '../outbox/index.ts';

/** At most this many events are handed over at once. */
const BATCH = 500;

/**
 * Puts observations in the order of their time before they are sent: a log tells one case after the
 * other. Sorted on disk, so that a log of any length can be played.
 */
export class Timeline {
  readonly #folder = mkdtempSync(join(tmpdir(), 'mingjing-replay-'));
  readonly #database = new DatabaseSync(join(this.#folder, 'timeline.sqlite'));

  constructor() {
    this.#database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF');
    this.#database.exec(
      'CREATE TABLE event (at INTEGER NOT NULL, n INTEGER PRIMARY KEY, body TEXT NOT NULL)',
    );
  }

  add(items: readonly OutboxItem[]): void {
    this.#database.exec('BEGIN');
    const insert = this.#database.prepare('INSERT INTO event (at, body) VALUES (?, ?)');
    for (const { event } of items) insert.run(Date.parse(event.time), JSON.stringify(event));
    this.#database.exec('COMMIT');
  }

  /**
   * Hands the observations over as their time comes.
   * @param speed how many seconds of the log pass in one
   */
  async play(speed: number, deliver: (items: OutboxItem[]) => Promise<void>): Promise<void> {
    this.#database.exec('CREATE INDEX event_at ON event (at, n)');
    const rows = this.#database.prepare('SELECT at, body FROM event ORDER BY at, n').iterate();
    let started: { at: number; clock: number } | undefined;
    const due: OutboxItem[] = [];
    for (const row of rows) {
      const at = Number(row['at']);
      started ??= { at, clock: performance.now() };
      const waitMs = started.clock + (at - started.at) / speed - performance.now();
      if (due.length > 0 && (waitMs > 0 || due.length >= BATCH)) await deliver(due.splice(0));
      if (waitMs > 0) await longDelay(waitMs);
      due.push({ event: JSON.parse(String(row['body'])) as CloudEvent });
    }
    if (due.length > 0) await deliver(due);
  }

  close(): void {
    this.#database.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A timer cannot be set for longer than 2^31-1 ms (24 days). */
async function longDelay(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 2_000_000_000) await delay(Math.min(left, 2_000_000_000));
}
