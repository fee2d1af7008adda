import net from 'node:net';
import type { DatabaseAnswer, DatabaseRequest } from './db-server.ts';

/** A database of one test file: real PostgreSQL with the project's schema, dropped when the file is done. */
export interface TestDatabase {
  /** A connection URL, over a Unix socket. */
  url: string;
  /** Whether the server has TimescaleDB; without it the schema runs on plain tables. */
  timescale: boolean;
  /** Ends every connection to the database and removes it. */
  drop(): Promise<void>;
}

/** Asks the run's database server, which global-setup.ts opened. */
function ask(request: DatabaseRequest): Promise<DatabaseAnswer & { ok: true }> {
  const door = process.env['MINGJING_TEST_DB'];
  if (door === undefined) {
    throw new Error('MINGJING_TEST_DB is not set: run tests by jest with the project’s jest.config.js');
  }
  return new Promise((resolve, reject) => {
    const connection = net.connect(Number(door), '127.0.0.1', () =>
      connection.write(`${JSON.stringify(request)}\n`),
    );
    let text = '';
    connection.setEncoding('utf8');
    connection.on('data', (chunk: string) => (text += chunk));
    connection.on('error', reject);
    connection.on('end', () => {
      const answer = JSON.parse(text) as DatabaseAnswer;
      if (answer.ok) resolve(answer);
      else reject(new Error(`The test database could not be made: ${answer.error}`));
    });
  });
}

/**
 * Makes a database of its own for a test file, as a clone (some 30 ms) of a template that has the project's schema.
 * @param options empty: true gives a database without the schema, for tests of the migrations themselves
 */
export async function createTestDatabase(options: { empty?: boolean } = {}): Promise<TestDatabase> {
  const { name, url, timescale } = await ask({ op: 'create', empty: options.empty ?? false });
  return {
    url,
    timescale,
    async drop() {
      await ask({ op: 'drop', name });
    },
  };
}
