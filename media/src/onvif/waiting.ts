import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS waiting (seq INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, item TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS waiting_queue ON waiting (queue, seq);
`;

export interface WaitingItem<T> {
  seq: number;
  item: T;
}

/** What waits to be told to the centre, in a file: neither a crash nor a centre that is away loses it. */
export class Waiting {
  readonly name = 'what waits for the centre';
  readonly #folder: string;
  #database: DatabaseSync | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws Error with what SQLite or the system says */
  start(): void {
    mkdirSync(this.#folder, { recursive: true });
    this.#database = new DatabaseSync(path.join(this.#folder, 'waiting.sqlite'), { timeout: 1000 });
    this.#database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; ${SCHEMA}`);
  }

  /** Idempotent. */
  stop(): void {
    this.#database?.close();
    this.#database = undefined;
  }

  /** The queue's items, JSON each. */
  of<T>(queue: string): WaitingQueue<T> {
    return {
      add: (item) => {
        this.#prepare('INSERT INTO waiting (queue, item) VALUES (?, ?)').run(queue, JSON.stringify(item));
      },
      first: (most) =>
        this.#prepare('SELECT seq, item FROM waiting WHERE queue = ? ORDER BY seq LIMIT ?')
          .all(queue, most)
          .map(({ seq, item }) => ({ seq: Number(seq), item: JSON.parse(String(item)) as T })),
      removeUpTo: (seq) => {
        this.#prepare('DELETE FROM waiting WHERE queue = ? AND seq <= ?').run(queue, seq);
      },
      letGo: (most) =>
        Number(
          this.#prepare(
            `DELETE FROM waiting WHERE queue = ?1 AND seq <= (
               SELECT seq FROM waiting WHERE queue = ?1 ORDER BY seq DESC LIMIT 1 OFFSET ?2)`,
          ).run(queue, most).changes,
        ),
    };
  }

  #prepare(sql: string) {
    if (!this.#database) throw new Error('what waits for the centre is not open');
    return this.#database.prepare(sql);
  }
}

/** One queue of those that wait; the oldest come first. */
export interface WaitingQueue<T> {
  add: (item: T) => void;
  first: (most: number) => WaitingItem<T>[];
  removeUpTo: (seq: number) => void;
  /** Lets the oldest go beyond so many. @returns how many went */
  letGo: (most: number) => number;
}
