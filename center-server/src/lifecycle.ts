import type { Logger } from 'pino';

/** What was started and how to end it. */
export interface Running {
  stop(): Promise<void> | void;
}

/** One line of the start list. */
export interface Step {
  name: string;
  start(): Promise<Running | undefined> | Running | undefined;
}

async function stopAll(running: { name: string; part: Running }[], log: Logger): Promise<void> {
  for (const { name, part } of running.toReversed()) {
    try {
      await part.stop();
    } catch (error) {
      log.error({ err: error, part: name }, 'a part did not stop cleanly');
    }
  }
}

/**
 * Starts parts in order. When one fails, those before it are stopped in reverse and the error goes on.
 * @returns a stop for all of them, in reverse order; calling it again does nothing
 */
export async function startAll(steps: Step[], log: Logger): Promise<() => Promise<void>> {
  const running: { name: string; part: Running }[] = [];
  for (const step of steps) {
    const { name } = step;
    try {
      const part = await step.start();
      if (part) running.push({ name, part });
    } catch (error) {
      log.error({ part: name }, 'a part could not start');
      await stopAll(running, log);
      throw error;
    }
  }
  let stopping: Promise<void> | undefined;
  return () => (stopping ??= stopAll(running, log));
}
