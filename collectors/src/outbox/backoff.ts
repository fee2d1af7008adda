import { setTimeout as delay } from 'node:timers/promises';

export interface BackoffOptions {
  /** The first wait, ms. */
  firstMs: number;
  /** The longest wait, ms. */
  mostMs: number;
}

/** Exponential back-off with full jitter: the wait doubles, and is drawn anew from its upper half. */
export class Backoff {
  readonly #options: BackoffOptions;
  #failures = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** Failures since the last success. */
  get failures(): number {
    return this.#failures;
  }

  /** The next wait in ms. */
  next(): number {
    const { firstMs, mostMs } = this.#options;
    const full = Math.min(mostMs, firstMs * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    return full * (0.5 + Math.random() / 2);
  }

  reset(): void {
    this.#failures = 0;
  }
}

/** Waits, or ends early when the signal is aborted. Never throws. @param ms milliseconds */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    // The abort is what it waits for as well.
    if (!isAborted(signal)) throw error;
  }
}

/** Whether a signal is aborted by now: a question, because the answer changes while something is awaited. */
export function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
