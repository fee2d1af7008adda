import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Readable } from 'node:stream';
import { parse, type Info } from 'csv-parse';
import { readText } from '../files/text.ts';
import { LogError, type Log, type Mapping, type Trace } from '../mapping/index.ts';
import { codeOf, messageOf } from '../outbox/index.ts';

interface Row {
  record: Record<string, string>;
  line: number;
}

/**
 * The rows of a table whose first line names its columns, with the lines they end on.
 * @throws LogError naming file and line; rows before it have been given
 */
async function* readRows(file: string, mapping: Mapping): AsyncGenerator<Row> {
  const parser = parse({
    bom: true,
    columns: true,
    delimiter: mapping.csv.delimiter,
    info: true,
    skip_empty_lines: true,
    max_record_size: 1024 * 1024,
  });
  const text = readText(file, () => parser.info.lines, mapping.csv.encoding);
  const source = Readable.from(text);
  source.on('error', (error) => parser.destroy(error));
  try {
    for await (const item of source.pipe(parser) as AsyncIterable<{
      record: Record<string, string>;
      info: Info;
    }>) {
      yield { record: item.record, line: item.info.lines };
    }
  } catch (error) {
    if (error instanceof LogError) throw error;
    const isCsv = codeOf(error)?.startsWith('CSV_') ?? false;
    throw new LogError(`${file}${isCsv ? ` line ${parser.info.lines}` : ''}: ${messageOf(error)}`);
  } finally {
    source.destroy();
  }
}

/** Rows of one case may stand anywhere in a table: they are brought together on disk, not in memory. */
class Rows {
  readonly #folder = mkdtempSync(join(tmpdir(), 'mingjing-csv-'));
  readonly #database = new DatabaseSync(join(this.#folder, 'rows.sqlite'));

  constructor() {
    this.#database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF');
    this.#database.exec(
      'CREATE TABLE row (n INTEGER PRIMARY KEY, caseNo TEXT NOT NULL, line INTEGER, record TEXT)',
    );
    this.#database.exec('BEGIN');
  }

  add(caseNo: string, { record, line }: Row): void {
    this.#database
      .prepare('INSERT INTO row (caseNo, line, record) VALUES (?, ?, ?)')
      .run(caseNo, line, JSON.stringify(record));
  }

  /** Each case's rows in the table's order, the cases in the order of their first rows. */
  *byCase(): Generator<Row[]> {
    this.#database.exec('COMMIT; CREATE INDEX row_case ON row (caseNo, n)');
    const cases = this.#database.prepare('SELECT caseNo FROM row GROUP BY caseNo ORDER BY min(n)').iterate();
    const rows = this.#database.prepare('SELECT line, record FROM row WHERE caseNo = ? ORDER BY n');
    for (const one of cases) {
      yield rows.all(String(one['caseNo'])).map((row) => ({
        line: Number(row['line']),
        record: JSON.parse(String(row['record'])) as Record<string, string>,
      }));
    }
  }

  close(): void {
    this.#database.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function traceOf(rows: readonly Row[], mapping: Mapping): Trace {
  const attributes = new Map<string, string>();
  const filled = rows.map(({ record, line }) => ({
    attributes: new Map(Object.entries(record).filter(([, value]) => value !== '')),
    line,
  }));
  // What is said of a case may stand on any of its rows; the first one that says it counts.
  for (const row of filled)
    for (const [key, value] of row.attributes) if (!attributes.has(key)) attributes.set(key, value);
  return { attributes, events: mapping.csv.rows === 'event' ? filled : [], line: rows[0]?.line ?? 1 };
}

function columnsOf(mapping: Mapping): string[] {
  const { caseNo, start, end, deadline, event, csv } = mapping;
  const ofEvents = csv.rows === 'event' ? [event.time, event.activity] : [];
  return [caseNo.attribute, start.attribute, end.attribute, deadline?.attribute, ...ofEvents].filter(
    (column) => column !== undefined,
  );
}

/**
 * Opens a table, plain or gzip: one row per event or per case, as its mapping says.
 * The traces end with a LogError, naming file and line, where it cannot be read further.
 */
export function openCsv(file: string, mapping: Mapping): Log {
  async function* traces(): AsyncGenerator<Trace> {
    const rows = new Rows();
    let broken: LogError | undefined;
    try {
      let checked = false;
      for await (const row of readRows(file, mapping)) {
        if (!checked) checkColumns(file, row, mapping);
        checked = true;
        rows.add(row.record[mapping.caseNo.attribute] ?? '', row);
      }
    } catch (error) {
      if (!(error instanceof LogError)) throw error;
      broken = error;
    }
    try {
      for (const one of rows.byCase()) yield traceOf(one, mapping);
    } finally {
      rows.close();
    }
    if (broken) throw broken;
  }
  return { traces: traces(), declared: () => [] };
}

function checkColumns(file: string, { record }: Row, mapping: Mapping): void {
  const missing = columnsOf(mapping).find((column) => !Object.hasOwn(record, column));
  if (missing === undefined) return;
  const has = Object.keys(record).join(', ');
  throw new LogError(
    `${file} line 1: no column "${missing}", which mapping "${mapping.name}" names; it has ${has}`,
  );
}
