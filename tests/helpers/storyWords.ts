import {
  parseInstant,
  type Alert,
  type AlertKind,
  type Budget,
  type ObservationData,
} from '@mingjing/contracts';

/** The story's two counties, each with a source of its own. */
export const COUNTIES = {
  涿州: { region: '130681', source: 'zz-approval', administrator: 'zz-admin' },
  定州: { region: '130682', source: 'dz-approval', administrator: 'dz-admin' },
} as const;
export type County = keyof typeof COUNTIES;
/** The media host of the whole city, and what follows it. */
export const MEDIA_SOURCE = { id: 'media', region: '130600' } as const;
/** The city's own source: supervision orders on cases of any county. */
export const CITY_SOURCE = { id: 'bd-orders', region: '130600' } as const;

/**
 * A time of the story: 2026-02-16T09:00, local time of its city, with seconds where they matter; or with an
 * offset of its own, 2026-02-16T09:00+01:00.
 */
export type StoryTime = string;

/** @returns ms since the epoch */
export function instant(time: StoryTime): number {
  const [, local = time, offset = '+08:00'] = /^(.{16,23}?)([+-]\d{2}:\d{2})?$/.exec(time) ?? [];
  return parseInstant(`${local.length === 16 ? `${local}:00` : local}${offset}`);
}

/** What a source tells; `time` where that is not the moment in which it tells it. */
export interface Told {
  id?: string;
  type: string;
  time?: StoryTime;
  /** Whose source tells it; 涿州's unless told. */
  county?: County;
  /** The city's source tells it, of that county. */
  byCity?: boolean;
  /** The media host tells it, of that county. */
  byMedia?: boolean;
  data: Record<string, unknown>;
}

export const accepted = (caseNo: string, budget: Budget, more: Record<string, unknown> = {}): Told => ({
  type: 'case.accepted',
  data: { caseNo, title: caseNo, officer: '甲', limit: { budget }, ...more },
});
/** Accepted under a matter, on the limit that the matter promises. */
export const submitted = (caseNo: string): Told => ({
  type: 'case.submitted',
  data: { caseNo, title: caseNo, officer: '甲' },
});
export const applied = (caseNo: string, matter: string): Told => ({
  type: 'case.accepted',
  data: { caseNo, matter, officer: '甲' },
});
export const began = (caseNo: string, stage: string): Told => ({
  type: 'case.stage.started',
  data: { caseNo, stage },
});
export const completed = (caseNo: string, stage: string): Told => ({
  type: 'case.stage.completed',
  data: { caseNo, stage },
});
export const suspended = (caseNo: string, procedure = 'hearing'): Told => ({
  type: 'case.suspended',
  data: { caseNo, procedure, approver: '局长' },
});
export const resumed = (caseNo: string): Told => ({ type: 'case.resumed', data: { caseNo } });
export const extended = (caseNo: string, by: Budget, approver?: string): Told => ({
  type: 'case.extended',
  data: { caseNo, by, reason: '情况复杂', ...(approver !== undefined && { approver }) },
});
export const decided = (caseNo: string, more: Record<string, unknown> = {}): Told => ({
  type: 'case.decided',
  data: { caseNo, officer: '乙', outcome: 'granted', ...more },
});
export const delivered = (caseNo: string): Told => ({ type: 'case.delivered', data: { caseNo } });
export const ordered = (caseNo: string, order: string, budget: Budget): Told => ({
  type: 'order.issued',
  data: { caseNo, order, limit: { budget }, text: '请于期限内办结' },
});
export const orderAnswered = (caseNo: string, order: string): Told => ({
  type: 'order.answered',
  data: { caseNo, order },
});
/** A complaint about no case: one of its own, under its own number. */
export const complained = (complaint: string): Told => ({
  type: 'complaint.filed',
  data: { complaint, text: '窗口无人' },
});
export const complaintAnswered = (complaint: string): Told => ({
  type: 'complaint.answered',
  data: { complaint, text: '已核实' },
});
export const appealed = (caseNo: string, appeal: string): Told => ({
  type: 'appeal.filed',
  data: { caseNo, appeal, text: '停电所致' },
});
/** Takes back an earlier event and, where one is told, puts its true time in its place. */
export const corrected = (caseNo: string, corrects: string, time?: StoryTime): Told => ({
  type: 'case.corrected',
  data: {
    ...{ caseNo, corrects, reason: '录入错误' },
    ...(time !== undefined && { time: new Date(instant(time)).toISOString() }),
  },
});
/** What a camera's stream does; the one camera of a county. */
export const picture = (
  state: ObservationData['stream.state']['state'],
  more: Partial<ObservationData['stream.state']> = {},
): Told => ({ type: 'stream.state', byMedia: true, data: { camera: 'zz-camera', state, ...more } });
/** What a camera says itself. */
export const cameraSays = (
  topic: ObservationData['camera.event']['topic'],
  state: boolean | null,
  text = 'RuleEngine/TamperDetector',
): Told => ({ type: 'camera.event', byMedia: true, data: { camera: 'zz-camera', topic, state, text } });
/** The media host is there. */
export const mediaBeat = (): Told => ({ type: 'heartbeat', byMedia: true, data: {} });
export const heartbeat = (): Told => ({ type: 'heartbeat', data: {} });
/** The same, but it happened at another time than it is told. */
export const happened = (time: StoryTime, told: Told): Told => ({ ...told, time });
/** The same, but told by 定州's source, of 定州. */
export const dingzhou = (told: Told): Told => ({ ...told, county: '定州' });

/** The same, but told by the city's source, of 涿州. */
export const byCity = (told: Told): Told => ({ ...told, byCity: true });

/** What a wall may show: an alert of one kind on one case, source or camera; of one rule, where that is told. */
export interface Sign {
  kind: AlertKind;
  of: string;
  rule?: string;
}
const sign =
  (kind: AlertKind) =>
  (of: string, rule?: string): Sign => ({ kind, of, ...(rule !== undefined && { rule }) });
export const notice = sign('notice');
export const yellow = sign('yellow');
export const red = sign('red');
export const risk = sign('risk');
export const silent = sign('silent');
export const ruleFailed = sign('rule-failed');

export function matches(alert: Alert, { kind, of, rule }: Sign): boolean {
  return (
    alert.kind === kind &&
    (alert.caseNo === of || alert.sourceId === of || alert.camera === of) &&
    (rule === undefined || alert.rule === rule)
  );
}
