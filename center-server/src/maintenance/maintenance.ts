import type { Logger } from 'pino';
import { inTransaction, type Pool } from '../store/database.ts';
import { maintainObservations } from '../store/observations/maintain.ts';

const EVERY_MS = 15 * 60_000;

export interface MaintenanceDeps {
  pool: Pool;
  log: Logger;
  now: () => number;
  keepDays: number;
}

/** Keeps roll-ups and retention up to date, now and every quarter of an hour. */
export function startMaintenance({ pool, log, now, keepDays }: MaintenanceDeps): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  const run = () => {
    running = inTransaction(pool, (client) => maintainObservations(client, now(), keepDays))
      .then((done) => log.debug({ done }, 'maintained the observations'))
      .catch((error: unknown) =>
        log.error({ err: error }, 'could not maintain the observations; trying again later'),
      );
  };
  run();
  const timer = setInterval(run, EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
