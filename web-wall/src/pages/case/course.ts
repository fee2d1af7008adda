import type { Card, CaseDetail, CaseHistoryEvent } from '@mingjing/contracts';

/** One entry of 经过: an event as it was observed, or a card as the centre issued it. */
export type Entry =
  { at: number; event: CaseHistoryEvent; card: null } | { at: number; event: null; card: Card };

/** Events and cards in the order in which they became true. */
export function courseOf({ events, cards }: Pick<CaseDetail, 'events' | 'cards'>): Entry[] {
  const all: Entry[] = [
    ...events.map((event) => ({ at: event.observedAt, event, card: null })),
    ...cards.map((card) => ({ at: card.at, event: null, card })),
  ];
  return all.sort((one, other) => one.at - other.at || (one.event?.seq ?? 0) - (other.event?.seq ?? 0));
}

/** The message that names a kind of event: case.stage.started → case.event.stage-started. */
export function eventKey(kind: string): string {
  return `case.event.${kind.replace(/^case\./, '').replaceAll('.', '-')}`;
}

/** A field of an event's data if it is text, else null: data is shown as it came, whatever came. */
export function textOf(data: Record<string, unknown>, field: string): string | null {
  const value = data[field];
  return typeof value === 'string' && value !== '' ? value : null;
}
