import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Camera, RecordingOrder, RecordingPlan, Segment, SegmentNews } from '@mingjing/contracts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS segment (
    camera TEXT NOT NULL, startedAt INTEGER NOT NULL, endedAt INTEGER NOT NULL, bytes INTEGER NOT NULL,
    mimeType TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, mediaTime REAL NOT NULL,
    wanted INTEGER NOT NULL, told INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (camera, startedAt));
  CREATE INDEX IF NOT EXISTS segment_age ON segment (startedAt);
  CREATE INDEX IF NOT EXISTS segment_untold ON segment (told) WHERE told = 0;
  CREATE INDEX IF NOT EXISTS segment_unwanted ON segment (wanted, endedAt) WHERE wanted = 0;
  CREATE TABLE IF NOT EXISTS removed (camera TEXT NOT NULL, startedAt INTEGER NOT NULL, PRIMARY KEY (camera, startedAt));
  CREATE TABLE IF NOT EXISTS plan (
    camera TEXT PRIMARY KEY, keepDays INTEGER NOT NULL, keepBytes INTEGER, beforeSeconds INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS evidence (camera TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL);
`;

const COLUMNS = 'camera, startedAt, endedAt, bytes, mimeType, width, height, mediaTime';
/** Evidence is never deleted, whatever asks for room. */
const NO_EVIDENCE = `NOT EXISTS (SELECT 1 FROM evidence WHERE evidence.camera = segment.camera
  AND evidence.since < segment.endedAt AND evidence.until > segment.startedAt)`;

type Key = Pick<Segment, 'camera' | 'startedAt'>;

export type KeepPlan = { camera: string } & Pick<RecordingPlan, 'keepDays' | 'keepBytes' | 'beforeSeconds'>;

/** Which segments may go. */
export interface Expiry {
  camera: string;
  /** All that ended before, ms since the epoch. */
  before: number;
  /** Of the rest, the oldest beyond so many bytes; null: no limit. */
  keepBytes: number | null;
}

/**
 * What is recorded here, kept in a file beside the recordings, with what the centre has not been told yet. The disk
 * is the truth: what is found there is entered, what is missing there is struck out.
 */
export class Catalogue {
  readonly #database: DatabaseSync;

  /** @throws Error with what SQLite or the system says */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#database = new DatabaseSync(path.join(folder, 'catalogue.sqlite'), { timeout: 1000 });
    // A line lost with the power is found again on the disk at the next start.
    this.#database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; ${SCHEMA}`);
  }

  /** @param wanted false: kept only until it is known whether an alert wants it */
  add(segment: Segment, wanted: boolean): void {
    const { camera, startedAt, endedAt, bytes, mimeType, width, height, mediaTime } = segment;
    this.#database
      .prepare(`INSERT OR REPLACE INTO segment (${COLUMNS}, wanted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
      .run(camera, startedAt, endedAt, bytes, mimeType, width, height, mediaTime, wanted ? 1 : 0);
    this.#database.prepare('DELETE FROM removed WHERE camera = ? AND startedAt = ?').run(camera, startedAt);
  }

  /** Strikes a segment out; the centre is told if it knows of it. */
  remove({ camera, startedAt }: Key): void {
    const gone = this.#database
      .prepare('DELETE FROM segment WHERE camera = ? AND startedAt = ? RETURNING told')
      .get(camera, startedAt);
    if (gone?.['told'] === 1)
      this.#database.prepare('INSERT OR IGNORE INTO removed VALUES (?, ?)').run(camera, startedAt);
  }

  has({ camera, startedAt }: Key): boolean {
    return (
      this.#database
        .prepare('SELECT 1 FROM segment WHERE camera = ? AND startedAt = ?')
        .get(camera, startedAt) !== undefined
    );
  }

  /** So many segments' cameras and beginnings, in order, after one. */
  keysAfter({ camera, startedAt }: Key, most: number): Key[] {
    const rows = this.#database
      .prepare(
        'SELECT camera, startedAt FROM segment WHERE (camera, startedAt) > (?, ?) ORDER BY camera, startedAt LIMIT ?',
      )
      .all(camera, startedAt, most);
    return rows as unknown as Key[];
  }

  /** When the last segment of a camera ends, in ms since the epoch; undefined when there is none. */
  lastEnd(camera: string): number | undefined {
    const row = this.#database
      .prepare('SELECT max(endedAt) AS last FROM segment WHERE camera = ?')
      .get(camera);
    return typeof row?.['last'] === 'number' ? row['last'] : undefined;
  }

  /** The segments of a camera that touch a span of time, in order. */
  between(camera: string, from: number, to: number): Segment[] {
    return this.#segments(
      'camera = ? AND endedAt > ? AND startedAt < ? ORDER BY startedAt',
      ...[camera, from, to],
    );
  }

  /** The next news for the centre, at most so many of a kind. */
  news(most: number): SegmentNews {
    const removed = this.#database.prepare('SELECT camera, startedAt FROM removed LIMIT ?').all(most);
    return {
      added: this.#segments('told = 0 AND wanted = 1 ORDER BY startedAt LIMIT ?', most),
      removed: removed as unknown as SegmentNews['removed'],
    };
  }

  /** The centre has taken these news. What was removed meanwhile is still to be told. */
  told({ added, removed }: SegmentNews): void {
    this.#inTransaction(() => {
      const told = this.#database.prepare(
        'UPDATE segment SET told = 1 WHERE camera = ? AND startedAt = ? RETURNING 1 AS held',
      );
      const late = this.#database.prepare('INSERT OR IGNORE INTO removed VALUES (?, ?)');
      for (const { camera, startedAt } of added)
        if (told.get(camera, startedAt) === undefined) late.run(camera, startedAt);
      const done = this.#database.prepare('DELETE FROM removed WHERE camera = ? AND startedAt = ?');
      for (const { camera, startedAt } of removed) done.run(camera, startedAt);
    });
  }

  /** Takes what the centre orders: evidence takes the place of what was known, alerts make segments wanted. */
  order(orders: readonly RecordingOrder[]): void {
    this.#inTransaction(() => {
      this.#database.exec('DELETE FROM evidence; PRAGMA user_version = 1');
      const keep = this.#database.prepare('INSERT INTO evidence VALUES (?, ?, ?)');
      const want = this.#database.prepare(
        'UPDATE segment SET wanted = 1 WHERE wanted = 0 AND camera = ? AND endedAt > ? AND startedAt < ?',
      );
      for (const { camera, from, to, why } of orders) {
        const until = to ?? Number.MAX_SAFE_INTEGER;
        if (why === 'evidence') keep.run(camera, from, until);
        if (why !== 'hours') want.run(camera, from, until);
      }
    });
  }

  /** What nobody has wanted and ended before, oldest first. @param before ms since the epoch */
  unwanted(before: number): Segment[] {
    return this.#deletable(
      `wanted = 0 AND endedAt < ? AND ${NO_EVIDENCE} ORDER BY startedAt LIMIT 1000`,
      before,
    );
  }

  /** What is too old, or beyond a camera's bytes. Evidence counts, and stays. */
  expired({ camera, before, keepBytes }: Expiry): Segment[] {
    const old = this.#deletable(
      `camera = ? AND endedAt < ? AND ${NO_EVIDENCE} ORDER BY startedAt LIMIT 1000`,
      ...[camera, before],
    );
    if (keepBytes === null || old.length > 0) return old;
    const row = this.#database.prepare('SELECT sum(bytes) AS held FROM segment WHERE camera = ?').get(camera);
    let over = Number(row?.['held'] ?? 0) - keepBytes;
    if (over <= 0) return [];
    const oldest = this.#deletable(`camera = ? AND ${NO_EVIDENCE} ORDER BY startedAt LIMIT 1000`, camera);
    return oldest.filter(({ bytes }) => {
      const goes = over > 0;
      over -= bytes;
      return goes;
    });
  }

  /** The oldest of all cameras that is no evidence, for when the disk is full. */
  oldest(most: number): Segment[] {
    return this.#deletable(`${NO_EVIDENCE} ORDER BY startedAt LIMIT ?`, most);
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  /** Keeps how long cameras keep recordings: it holds for what is left of them when they are gone. */
  setPlans(cameras: readonly Camera[]): void {
    this.#inTransaction(() => {
      const keep = this.#database.prepare('INSERT OR REPLACE INTO plan VALUES (?, ?, ?, ?)');
      for (const { id, recording } of cameras)
        if (recording) keep.run(id, recording.keepDays, recording.keepBytes, recording.beforeSeconds);
    });
  }

  /** How long each camera's recordings are kept, those of cameras that are gone too. */
  plans(): KeepPlan[] {
    const rows = this.#database.prepare('SELECT camera, keepDays, keepBytes, beforeSeconds FROM plan').all();
    return rows as unknown as KeepPlan[];
  }

  /** When the oldest segment begins of which it is not known whether an alert wants it, ms since the epoch. */
  oldestUnwanted(): number | undefined {
    const row = this.#database.prepare('SELECT min(startedAt) AS first FROM segment WHERE wanted = 0').get();
    return typeof row?.['first'] === 'number' ? row['first'] : undefined;
  }

  /** A catalogue that was made anew knows of no evidence before the centre was heard: nothing may be deleted. */
  get #knowsEvidence(): boolean {
    return this.#database.prepare('PRAGMA user_version').get()?.['user_version'] === 1;
  }

  #deletable(condition: string, ...values: (string | number)[]): Segment[] {
    return this.#knowsEvidence ? this.#segments(condition, ...values) : [];
  }

  #segments(condition: string, ...values: (string | number)[]): Segment[] {
    const rows = this.#database.prepare(`SELECT ${COLUMNS} FROM segment WHERE ${condition}`).all(...values);
    return rows.map((row) => ({ ...row })) as unknown as Segment[];
  }

  #inTransaction(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (problem) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw problem;
    }
  }
}
