import pg from 'pg';

/** SQLSTATE classes that blame the data: 22 data exception, 23 constraint, 54 program limit (nested too deep). */
export function blamesTheData(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && /^(22|23|54)/.test(error.code ?? '');
}

/** A row with the same key is there already. */
export function isKnownAlready(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '23505';
}

/** What the driver says, without a code, of a connection that broke or that it waited for in vain. */
const CONNECTION_LOST =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** The database cannot be reached, is starting or stopping, or has no room for another connection. */
const DATABASE_AWAY = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT'],
  ...['57P01', '57P02', '57P03', '53300'],
]);
const CONNECTION_CALLS = new Set(['connect', 'read', 'write', 'getaddrinfo']);

/** Whether the database could not be asked, so that asking again later may well do. */
export function isDatabaseAway(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : '';
  const connecting = !('syscall' in error) || CONNECTION_CALLS.has(String(error.syscall));
  return (DATABASE_AWAY.has(code) && connecting) || CONNECTION_LOST.test(error.message);
}

/**
 * Whether an error lies in what was worked on, so that the same work would fail again: not where the
 * database is away, full, locked or otherwise in trouble of its own.
 */
export function liesInTheWork(error: unknown): error is Error {
  if (!(error instanceof Error) || isDatabaseAway(error)) return false;
  return error instanceof pg.DatabaseError ? blamesTheData(error) : !('syscall' in error);
}
