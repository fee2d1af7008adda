import { randomUUID } from 'node:crypto';
import type { ObservationEvent } from '@mingjing/contracts';
import { isAborted, messageOf, OutboxFullError, pause } from '../outbox/index.ts';
import type { KindContext } from './kind.ts';

/** Says at every interval that this source is alive, and how much waits in its outbox. */
export async function beat({ outbox, source, config, log, signal }: KindContext): Promise<void> {
  while (!isAborted(signal)) {
    const event: ObservationEvent<'heartbeat'> = {
      ...{ specversion: '1.0', id: randomUUID(), source, type: 'heartbeat', time: new Date().toISOString() },
      data: { region: config.region, waiting: outbox.waiting },
    };
    try {
      outbox.append([{ event }]);
    } catch (error) {
      // A heartbeat is not worth waiting for: the next one tells more.
      if (!(error instanceof OutboxFullError)) throw error;
      log.warn(`no heartbeat: ${messageOf(error)}`);
    }
    await pause(config.heartbeatSeconds * 1000, signal);
  }
}
