import type { Logger } from 'pino';
import type { Running } from '../lifecycle.ts';
import type { Effects } from '../pipeline/effects.ts';
import { routeDue, type RoutingDeps } from './step.ts';

/** How often to look at what is due. The truth is in the database: a look that is missed is made up for by the next. */
const LOOK_EVERY_MS = 1000;

/**
 * Runs the routing of alerts. A look that fails is logged and made again.
 * @param tell told what each look changed
 */
export function startAlerting(
  surroundings: Omit<RoutingDeps, 'failed'>,
  log: Logger,
  tell: (effects: Effects) => void,
): Running {
  const failed: RoutingDeps['failed'] = (alertId, error) =>
    log.error({ err: error, alertId }, 'who is told of an alert could not be decided; it is put off');
  const deps: RoutingDeps = { ...surroundings, failed };
  let looking: Promise<void> | undefined;
  let stopped = false;

  async function look(): Promise<void> {
    for (;;) {
      const effects = await routeDue(deps);
      if (effects === null) return;
      tell(effects);
      if (stopped) return;
    }
  }
  const timer = setInterval(() => {
    looking ??= look()
      .catch((error: unknown) => log.error({ err: error }, 'routing alerts failed and will be tried again'))
      .finally(() => (looking = undefined));
  }, LOOK_EVERY_MS);
  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await looking;
    },
  };
}
