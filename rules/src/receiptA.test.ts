/** Real permits of a Dutch municipality, against answers that were computed independently. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { Limit, StoredObservation } from '@mingjing/contracts';
import { event, folded, zhuozhou } from '../test/events.ts';
import { clockSpecOf, projectClock } from './index.ts';

const LOG = path.resolve(import.meta.dirname, '../../../shared/data/permits/receipt-a.xes.gz');
/** The last event of the whole log. */
const AS_OF = Date.parse('2012-01-23T15:42:54.644+01:00');
const zone = 'Europe/Amsterdam';

interface Trace {
  startdate: string;
  deadline: string;
  enddate: string | undefined;
  events: string[];
}

function traces(): Trace[] {
  const xml = gunzipSync(readFileSync(LOG)).toString('utf8');
  return [...xml.matchAll(/<trace>(.*?)<\/trace>/gs)].map(([, body = '']) => {
    const own = body.split('<event>', 1)[0] ?? '';
    const date = (key: string) => new RegExp(`<date key="${key}" value="([^"]+)"`).exec(own)?.[1];
    const events = [...body.matchAll(/<date key="time:timestamp" value="([^"]+)"/g)].map(
      ([, time = '']) => time,
    );
    return {
      startdate: date('startdate') ?? '',
      deadline: date('deadline') ?? '',
      enddate: date('enddate'),
      events,
    };
  });
}

/** The trace as case events, the last one first: the order in which they arrive must not matter. */
function eventsOf(trace: Trace, limit: Limit): StoredObservation[] {
  const end = trace.enddate === undefined ? [] : [event('case.decided', trace.enddate)];
  const steps = trace.events.map((time) => event('case.stage.completed', time, { stage: 'step' }));
  return [event('case.accepted', trace.startdate, { limit }), ...steps, ...end].reverse();
}

function overdue(limitOf: (trace: Trace) => Limit) {
  const count = { closed: { total: 0, overdue: 0 }, open: { total: 0, overdue: 0 } };
  for (const trace of traces()) {
    const state = folded(eventsOf(trace, limitOf(trace)));
    const spec = clockSpecOf(state, { matter: null, region: zhuozhou });
    if (!spec) throw new Error('a case without a clock');
    const kind = state.endedAt === null ? count.open : count.closed;
    kind.total += 1;
    if (projectClock(spec, AS_OF).overdue) kind.overdue += 1;
  }
  return count;
}

describe('receipt-a (skipped where ../shared/data is absent)', () => {
  const test = existsSync(LOG) ? it : it.skip;

  test('by planned deadline: 183 of 686 closed, 13 of 46 open', () => {
    expect(overdue((trace) => ({ budget: { until: trace.deadline }, zone }))).toEqual({
      closed: { total: 686, overdue: 183 },
      open: { total: 46, overdue: 13 },
    });
  });

  test('by 20 working days, Monday to Friday: 607 of 732', () => {
    const { closed, open } = overdue(() => ({ budget: { workingDays: 20 }, calendar: 'weekdays', zone }));
    expect([closed.overdue + open.overdue, closed.total + open.total]).toEqual([607, 732]);
  });
});
