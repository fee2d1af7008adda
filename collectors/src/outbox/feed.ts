import type { Logger } from 'pino';
import { pause } from './backoff.ts';
import { OutboxFullError } from './errors.ts';
import type { Outbox, OutboxItem } from './outbox.ts';

/** How often a full outbox is tried again when nothing leaves it, ms: a disk frees without telling. */
const RETRY_MS = 2000;

/**
 * Appends, and waits while the outbox has no room: back-pressure for whoever reads a source.
 * Ends without appending only when the signal is aborted.
 * @returns how many events were added
 */
export async function appendWhenRoom(
  outbox: Outbox,
  items: readonly OutboxItem[],
  log: Pick<Logger, 'info' | 'error'>,
  signal: AbortSignal,
): Promise<number> {
  for (let paused = false; !signal.aborted;) {
    try {
      const added = outbox.append(items);
      if (paused) log.info({ file: outbox.file }, 'the outbox has room again; reading goes on');
      return added;
    } catch (error) {
      if (!(error instanceof OutboxFullError)) throw error;
      if (!paused) log.error(`${error.message}; reading is paused until there is room`);
      paused = true;
      await untilRoom(outbox, signal);
    }
  }
  return 0;
}

async function untilRoom(outbox: Outbox, signal: AbortSignal): Promise<void> {
  const woken = new AbortController();
  const forget = outbox.onChange(() => woken.abort());
  await pause(RETRY_MS, AbortSignal.any([signal, woken.signal]));
  forget();
}
