import pg from 'pg';

/** Anything that runs a query: the pool, or a client inside a transaction. */
export type Queryable = Pick<pg.Pool, 'query'>;
export type Pool = pg.Pool;
export type Client = pg.PoolClient;

// bigint and numeric come as text by default; every bigint of ours (sequence numbers, counts) fits a double.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
// A date is a local date without a zone: keep the text.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

/** How long a caller waits for a connection, ms: a server that hangs must not make everybody hang. */
const CONNECT_WITHIN_MS = 15_000;

/**
 * Opens a pool. Errors of idle connections go to `onError`: without a listener they would end the process.
 * @param url a postgresql:// address
 * @param size the most connections held open
 */
export function openPool(
  url: string,
  size: number,
  onError: (error: Error) => void,
  { connectWithinMs = CONNECT_WITHIN_MS } = {},
): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    application_name: 'mingjing',
    connectionTimeoutMillis: connectWithinMs,
    keepAlive: true,
  });
  pool.on('error', onError);
  // A connection that is just being handed on has neither the pool's listener nor its user's: should it break in that
  // moment, the error would end the process. It is not lost: the user's first query fails with it.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** An address without its password: what may be shown. */
function shownAddress(url: string): string {
  if (!URL.canParse(url)) return 'the address given';
  const { host, pathname, searchParams } = new URL(url);
  return `${searchParams.get('host') ?? host}${pathname}`;
}

/** Why the database cannot be used, naming the key of the configuration and where it was looked for. */
export function databaseError(url: string, error: unknown): Error {
  const said = error instanceof Error ? error.message : String(error);
  // A connection that was refused at several addresses has its reasons in a list and no message of its own.
  const why = said === '' && error instanceof Error && 'code' in error ? String(error.code) : said;
  return new Error(`database.url: the database at ${shownAddress(url)} cannot be used: ${why}`, {
    cause: error,
  });
}

/** Runs `work` in one transaction: committed when it returns, rolled back when it throws. */
export async function inTransaction<T>(pool: Pool, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // A connection in use has no listener of the pool's: without one of ours its end would end the process.
  const onBroken = (error: Error) => (broken ??= error);
  client.on('error', onBroken);
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((rollback: unknown) => {
      broken ??= rollback instanceof Error ? rollback : new Error(String(rollback));
    });
    throw error;
  } finally {
    client.off('error', onBroken);
    client.release(broken);
  }
}
