import { createHash } from 'node:crypto';
import type { CloudEvent } from '@mingjing/contracts';

/**
 * Gives the events of one case ids that follow from what they say, so that reading the same log again,
 * or a longer edition of it, posts every event under the id that it had: the centre drops the repeats.
 * Events that are alike in everything are told apart by how many like them came before.
 */
export function withStableIds(events: readonly Omit<CloudEvent, 'id'>[]): CloudEvent[] {
  const alike = new Map<string, number>();
  return events.map((event) => {
    const said = JSON.stringify([event.source, event.type, event.time, event.data]);
    const before = alike.get(said) ?? 0;
    alike.set(said, before + 1);
    const id = createHash('sha256').update(`${before} ${said}`).digest('hex').slice(0, 40);
    return { ...event, id } as CloudEvent;
  });
}
