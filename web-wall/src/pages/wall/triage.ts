import type { Alert, AlertKind } from '@mingjing/contracts';

/** What wants somebody first. */
const URGENCY: Record<AlertKind, number> = {
  red: 0,
  risk: 1,
  'rule-failed': 2,
  yellow: 3,
  silent: 4,
  rating: 5,
  notice: 6,
};

const SILENCED = 100;

/** Kinds grave enough to bring their own camera to the wall unasked. */
const BRINGS_CAMERA: ReadonlySet<AlertKind> = new Set(['red', 'risk', 'yellow']);

export interface Triage {
  /** What the wall asks about: the chosen alert, else the gravest that waits, the newest of those. */
  lead: Alert | null;
  /** The rest that waits: the gravest first, the newest of those. */
  waiting: Alert[];
  /** Seen by somebody, not yet settled; newest first. */
  acknowledged: Alert[];
  /** The lead is worth its counter's camera. */
  bringsCamera: boolean;
}

/**
 * Sorts standing alerts into what to show.
 * @param alerts open and acknowledged ones, newest first
 * @param chosen the id of an alert that the user picked, which then leads
 */
export function triage(alerts: readonly Alert[], chosen: number | null): Triage {
  // What somebody silenced asks for nobody: it comes after all that does, and never leads by itself.
  const rank = ({ kind, silence }: Alert): number => URGENCY[kind] + (silence ? SILENCED : 0);
  const open = alerts.filter(({ state }) => state === 'open').sort((one, other) => rank(one) - rank(other));
  const acknowledged = alerts.filter(({ state }) => state === 'acknowledged');
  const picked = alerts.find(({ id }) => id === chosen) ?? null;
  const lead = picked ?? open.find(({ silence }) => !silence) ?? null;
  return {
    lead,
    waiting: open.filter((alert) => alert !== lead),
    acknowledged: acknowledged.filter((alert) => alert !== lead),
    bringsCamera: lead !== null && (lead === picked || BRINGS_CAMERA.has(lead.kind)),
  };
}

/** How many alerts of each kind there are, the gravest kind first; kinds without any are left out. */
export function countKinds(alerts: readonly Alert[]): { kind: AlertKind; count: number }[] {
  const kinds = Object.keys(URGENCY) as AlertKind[];
  const count = (kind: AlertKind): number => alerts.filter((alert) => alert.kind === kind).length;
  return kinds.map((kind) => ({ kind, count: count(kind) })).filter((entry) => entry.count > 0);
}

/** Where an alert stands in the order in which the wall lists them: what waits, then what was seen. */
export function listOrder(alerts: readonly Alert[]): Alert[] {
  const { lead, waiting, acknowledged } = triage(alerts, null);
  return [...(lead ? [lead] : []), ...waiting, ...acknowledged];
}
