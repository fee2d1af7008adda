import type pg from 'pg';
import type { Client } from './database.ts';

/** What of the driver's connection a COPY needs; the driver keeps it for its own use of COPY and does not type it. */
interface CopyConnection extends pg.Connection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** Characters sent in one message: few enough that the server need not grow its buffer for each. */
const CHUNK = 32_768;

/**
 * COPY FROM STDIN of lines that are at hand as a whole. pg-copy-streams is made for streams that are not, and
 * goes on writing after the server has refused a row, which would end the process.
 */
class CopyIn implements pg.Submittable {
  readonly #text: string;
  readonly #lines: string[];
  readonly #settle: (error?: Error) => void;

  constructor(text: string, lines: string[], settle: (error?: Error) => void) {
    this.#text = text;
    this.#lines = lines;
    this.#settle = settle;
  }

  submit(connection: pg.Connection): void {
    (connection as CopyConnection).query(this.#text);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    let chunk = '';
    for (const line of this.#lines) {
      chunk += line;
      if (chunk.length < CHUNK) continue;
      connection.sendCopyFromChunk(Buffer.from(chunk));
      chunk = '';
    }
    if (chunk !== '') connection.sendCopyFromChunk(Buffer.from(chunk));
    connection.endCopyFrom();
  }

  handleCommandComplete(): void {
    // Whether it lasts is told by what comes next: an error, or that the server is ready.
  }

  handleError(error: Error): void {
    this.#settle(error);
  }

  handleReadyForQuery(): void {
    this.#settle();
  }
}

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const SPECIAL = /[\\\n\r\t]/;
const EVERY_SPECIAL = /[\\\n\r\t]/g;

/** A text as COPY's text format has it. */
export function copyText(value: string | null): string {
  if (value === null) return '\\N';
  return SPECIAL.test(value) ? value.replace(EVERY_SPECIAL, (special) => ESCAPES[special] ?? special) : value;
}

/** A time as COPY's text format has it. @param at ms since the epoch */
export function copyTime(at: number | null): string {
  return at === null ? '\\N' : new Date(at).toISOString();
}

/**
 * Adds many rows by COPY, which costs both sides less than any INSERT. A row that is there already is an error.
 * @param into the table with its columns, as in `inbox (source, id)`
 * @param lines a row each: fields by copyText() and its like with tabs between them, and a newline
 */
export function copyRows(client: Client, into: string, lines: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error) => {
      if (error) reject(error);
      else resolve();
    };
    client.query(new CopyIn(`COPY ${into} FROM STDIN`, lines, settle));
  });
}
