import type { Millis, Region } from '@mingjing/contracts';
import type { Calendars } from '../clock/calendars.ts';
import { planOf } from '../clock/plan.ts';
import type { ClockSpec, OpeningHours } from '../clock/spec.ts';
import type { Decision } from './model.ts';
import { pausesOf } from './past.ts';
import { tierFrom } from './route.ts';
import { moment, wait, type View } from './view.ts';

interface Waiting {
  region: Region;
  calendars: Calendars;
  hours?: OpeningHours | undefined;
  pauses?: ClockSpec['suspensions'];
}

/**
 * When so many working hours of a region have gone by; times in which nobody is waited for do not count.
 * @param from ms since the epoch
 * @throws RangeError naming the zone or the hours, where they cannot be understood
 */
export function workingHoursAfter(
  from: Millis,
  workingHours: number,
  { region, calendars, hours, pauses = [] }: Waiting,
): Millis {
  const { dueAt } = planOf({
    clockId: '',
    zone: region.zone,
    calendar: region.calendar,
    workingCalendar: calendars.of(region.code, region.calendar),
    startedAt: from,
    endedAt: null,
    budget: { workingHours },
    extensions: [],
    suspensions: pauses,
    ...(hours && { hours }),
  });
  // Every pause has an end, and so has the waiting.
  return dueAt ?? from;
}

const hoursWords = (hours: number): { zh: string; en: string } => ({
  zh: `${hours} 个工作小时`,
  en: `${hours} working hour${hours === 1 ? '' : 's'}`,
});

/** Opens an alert again that was acknowledged and not handled, and tells its own tier and the next one. */
function rearm(view: View, first: number, top: number): Decision {
  const { policy, at, round } = view;
  const own = tierFrom(view, first, policy.tell);
  const above = tierFrom(view, top + 1, policy.escalateTo);
  const reason = {
    name: 're-armed',
    zh: `确认后未在期限内办结，重新打开${above ? `并升级到${above.region.name}` : ''}。`,
    en: `Not handled in time after it was acknowledged: it opens again${above ? ` and escalates to ${above.region.nameEn}` : ''}.`,
  };
  const tell = [...(own ? [own] : []), ...(above && above.level !== own?.level ? [above] : [])];
  return { ...wait('escalate', reason, at), rearm: true, round: round + 1, tell };
}

/** 升级: nobody acknowledged it within its working hours, or whoever did has not handled it: one tier up. */
export function escalate(view: View): Decision {
  const { state, policy, chain, toldAt, history, at, round, calendars, hours } = view;
  const [first, top] = [view.first ?? 0, view.top ?? -1];
  if (state === 'acknowledged') return rearm(view, first, top);
  const region = chain[Math.max(top, 0)];
  const above = tierFrom(view, top + 1, policy.escalateTo);
  if (policy.acknowledgeHours === null) {
    const reason = { name: 'stays', zh: '此类告警不升级。', en: 'Alerts of this kind do not escalate.' };
    return wait('escalate', reason, null);
  }
  if (!above || !region || toldAt === null) {
    const reason = { name: 'top', zh: '已告知到最高一级。', en: 'The highest tier has been told.' };
    return wait('escalate', reason, null);
  }
  const { acknowledgeHours } = policy;
  const pauses = pausesOf(history, at);
  const due = workingHoursAfter(toldAt, acknowledgeHours, { region, calendars, hours, pauses });
  const within = hoursWords(acknowledgeHours);
  if (at < due) {
    const when = moment(view, due);
    const reopened = history.some((line) => line.action === 'reopened' && line.at > toldAt);
    const reason = {
      name: reopened ? 'told-before' : 'awaits-acknowledgement',
      zh: `${reopened ? '刚结束又出现，不重复告知；' : ''}${when.zh} 前无人确认（${within.zh}），升级到${above.region.name}。`,
      en: `${reopened ? 'It came back soon after it ended and is not told anew. ' : ''}Goes up to ${above.region.nameEn} if nobody acknowledges it by ${when.en} (${within.en}).`,
    };
    return wait('escalate', reason, due);
  }
  const reason = {
    name: 'escalated',
    zh: `${region.name} ${within.zh}内无人确认，升级到${above.region.name}。`,
    en: `Nobody in ${region.nameEn} acknowledged it within ${within.en}: up to ${above.region.nameEn}.`,
  };
  return { ...wait('escalate', reason, at), round, tell: [above] };
}
