/** The outbox cannot be opened or used; the message names the file and the cause. */
export class OutboxError extends Error {
  override name = 'OutboxError';
}

/** The outbox has no room: its limit is reached or the disk is full. What it holds stays. */
export class OutboxFullError extends OutboxError {
  override name = 'OutboxFullError';
  constructor(file: string, cause: string) {
    super(`outbox ${file} cannot take more: ${cause}`);
  }
}

/** What an error says, whatever was thrown; of fetch's "fetch failed" the cause, which says why. */
export function messageOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('message' in error)) return String(error);
  const said = String(error.message);
  return said === 'fetch failed' && 'cause' in error ? messageOf(error.cause) : said;
}

/** The `code` of a system error (ENOSPC, ECONNREFUSED …); undefined when it has none. */
export function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}

const SQLITE_FULL = 13;
const SQLITE_IOERR = 10;

/**
 * Whether SQLite says that it could not write for want of space: SQLITE_FULL, and the I/O errors in
 * which a full disk or a file-size limit shows itself while the log is extended.
 */
export function isFull(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return false;
  const code = Number(error.errcode) & 0xff;
  return code === SQLITE_FULL || code === SQLITE_IOERR;
}
