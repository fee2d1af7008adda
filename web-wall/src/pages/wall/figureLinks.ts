import type { Figures } from '@mingjing/contracts';

/** A list and the filters under which it holds exactly what a figure counts. */
export interface FigureLink {
  name: 'cases' | 'alerts' | 'ratings';
  query: Record<string, string | string[]>;
}

export type FigureName =
  'accepted' | 'completed' | 'open' | 'yellow' | 'red' | 'satisfaction' | 'alertsToday';

const STANDING = ['open', 'acknowledged'];

/** Where each figure of the wall leads to. */
export function figureLinks(figures: Pick<Figures, 'since'>): Record<FigureName, FigureLink> {
  const since = new Date(figures.since).toISOString();
  return {
    accepted: { name: 'cases', query: { moment: 'accepted', since } },
    completed: { name: 'cases', query: { moment: 'ended', since } },
    open: { name: 'cases', query: { open: 'true' } },
    yellow: { name: 'alerts', query: { kind: 'yellow', state: STANDING } },
    red: { name: 'alerts', query: { kind: 'red', state: STANDING } },
    satisfaction: { name: 'ratings', query: { since } },
    alertsToday: { name: 'alerts', query: { since } },
  };
}
