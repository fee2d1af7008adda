import { describe, expect, it } from '@jest/globals';
import { dataSchemaOf, type CloudEvent } from '@mingjing/contracts';
import {
  feedLog,
  LogError,
  MappingError,
  shippedMappings,
  Tally,
  type Mapping,
  type Trace,
} from './index.ts';
import { parseMapping } from './load.ts';

const traceOf = (attributes: Record<string, string>, ...events: Record<string, string>[]): Trace => ({
  attributes: new Map(Object.entries(attributes)),
  events: events.map((one, n) => ({ attributes: new Map(Object.entries(one)), line: 10 + n })),
  line: 5,
});
const step = (activity: string, time: string, more: Record<string, string> = {}): Record<string, string> => ({
  'concept:name': activity,
  'time:timestamp': time,
  ...more,
});

interface Fed {
  events: CloudEvent[];
  lines: string[];
  used: string | undefined;
  counts: Awaited<ReturnType<typeof feedLog>>;
}
async function feed(
  traces: Trace[],
  options: Partial<Omit<Parameters<typeof feedLog>[0], 'log'>> = {},
): Promise<Fed> {
  const tally = new Tally();
  const events: CloudEvent[] = [];
  let used: string | undefined;
  const counts = await feedLog({
    log: {
      traces: (async function* () {
        yield* await Promise.resolve(traces);
      })(),
      declared: () => [],
    },
    source: 's',
    mappings: shippedMappings(),
    tally,
    deliver: (items) => Promise.resolve(void events.push(...items.map(({ event }) => event))),
    onMapping: ({ name }: Mapping) => (used = name),
    ...options,
  });
  return { events, lines: tally.lines(), used, counts };
}
const told = (events: CloudEvent[]): string[] => events.map(({ type, time }) => `${type} ${time}`);

const permit = {
  'concept:name': 'case-1',
  startdate: '2011-10-06T01:06:40+02:00',
  deadline: '2011-12-01T01:06:40+01:00',
  department: 'General',
  channel: 'Desk',
};

describe('mapping a log', () => {
  it('tells a permit as acceptance with its limit, stages and decision, each valid', async () => {
    const trace = traceOf(
      { ...permit, enddate: '2011-11-17T07:53:06+01:00' },
      step('Check', '2011-10-18T15:53:19+02:00', { 'org:resource': 'R3', 'lifecycle:transition': 'start' }),
      step('Check', '2011-10-19T15:53:19+02:00', { 'lifecycle:transition': 'complete' }),
    );
    const { events, used, counts } = await feed([trace]);
    expect(used).toBe('wabo-permits');
    expect(told(events)).toEqual([
      'case.accepted 2011-10-06T01:06:40+02:00',
      'case.stage.started 2011-10-18T15:53:19+02:00',
      'case.stage.completed 2011-10-19T15:53:19+02:00',
      'case.decided 2011-11-17T07:53:06+01:00',
    ]);
    expect(events[0]!.data).toEqual({
      ...{ region: '130600', caseNo: 'case-1', department: 'General', channel: 'counter' },
      limit: { budget: { until: permit.deadline }, zone: 'Europe/Amsterdam', calendar: 'weekdays' },
    });
    expect(events[1]!.data).toMatchObject({ stage: 'Check', officer: 'R3' });
    for (const { type, data } of events) expect(dataSchemaOf(type)!.safeParse(data).error).toBeUndefined();
    expect(counts).toMatchObject({
      cases: 1,
      events: 2,
      observations: 4,
      lastEventAt: Date.parse('2011-10-19T15:53:19+02:00'),
    });
  });

  it('runs the clock, calendar and zone it is told', async () => {
    const { events } = await feed([traceOf(permit)], {
      clock: { workingDays: 20 },
      calendar: 'cn',
      zone: 'Asia/Shanghai',
    });
    expect(events[0]!.data['limit']).toEqual({
      budget: { workingDays: 20 },
      calendar: 'cn',
      zone: 'Asia/Shanghai',
    });
  });

  it('counts and names what is missing, and still tells what it can', async () => {
    const { events, lines } = await feed([
      traceOf({ 'concept:name': 'a', startdate: permit.startdate }),
      traceOf(
        { 'concept:name': 'b', deadline: 'soon' },
        step('x', '2011-10-02T00:00:00'),
        { 'concept:name': 'y' },
        step('z', '31/12/2011'),
      ),
      traceOf({ startdate: '' }),
    ]);
    expect(told(events)).toEqual([
      `case.accepted ${permit.startdate}`,
      'case.accepted 2011-10-01T22:00:00Z',
      'case.stage.completed 2011-10-01T22:00:00Z',
    ]);
    expect(events[0]!.data).not.toHaveProperty('limit');
    expect(lines).toEqual([
      '2 cases have no usable "deadline": no clock runs, they count as not overdue (the first: a, line 5)',
      '1 events have no "time:timestamp" and were left out (the first: b, line 11)',
      '1 events have a "time:timestamp" that is no time and were left out (the first: b, line 12)',
      '1 cases have no "startdate": their clock starts with their first event (the first: b, line 5)',
      '1 cases have a "deadline" that is no time (the first: b, line 5)',
      '1 cases have no "concept:name" and are numbered by their line (the first: line 5, line 5)',
      '1 cases hold nothing with a time and were left out (the first: line-5, line 5)',
    ]);
  });

  it('chooses by attributes, by activities, else the generic one from first to last event', async () => {
    const fine = traceOf(
      { 'concept:name': 'A1' },
      step('Create Fine', '2006-07-24'),
      step('Send Fine', '2006-12-05'),
      step('Payment', '2007-01-01'),
      step('Add penalty', '2007-02-01'),
    );
    const fines = await feed([fine]);
    expect(fines.used).toBe('road-traffic-fines');
    expect(fines.events.map(({ type }) => type)).toEqual([
      'case.accepted',
      'case.stage.completed',
      'case.stage.completed',
      'case.stage.completed',
      'enforcement.penalty.added',
      'case.decided',
    ]);
    expect(fines.events.at(-1)!.time).toBe('2006-12-31T23:00:00Z');

    const other = await feed([
      traceOf({ 'concept:name': '1' }, step('b', '2020-01-02T00:00:00Z'), step('a', '2020-01-01T00:00:00Z')),
    ]);
    expect(other.used).toBe('generic');
    expect(told(other.events)).toEqual([
      'case.accepted 2020-01-01T00:00:00Z',
      'case.stage.completed 2020-01-02T00:00:00Z',
      'case.stage.completed 2020-01-01T00:00:00Z',
      'case.decided 2020-01-02T00:00:00Z',
    ]);
    await expect(feed([traceOf({ 'concept:name': '1' })], { clock: 'deadline' })).rejects.toThrow(
      /names no deadline/,
    );
  });

  it('gives the same event the same id in every edition of a log, and two alike events two', async () => {
    const first = step('a', '2020-01-01T00:00:00Z');
    const ids = async (...steps: Record<string, string>[]): Promise<string[]> =>
      (await feed([traceOf({ ...permit }, ...steps)])).events.map(({ id }) => id);
    const short = await ids(first, first);
    expect(new Set(short).size).toBe(3);
    const longer = await ids(step('new', '2019-01-01T00:00:00Z'), first, first);
    expect(longer).toEqual(expect.arrayContaining(short));
  });

  it('hands over what was read when a log breaks', async () => {
    const events: CloudEvent[] = [];
    const traces = (async function* () {
      yield await Promise.resolve(traceOf(permit));
      throw new LogError('log.xes line 9: broken');
    })();
    const log = { traces, declared: () => [] };
    const deliver = (items: { event: CloudEvent }[]) =>
      Promise.resolve(void events.push(...items.map(({ event }) => event)));
    await expect(
      feedLog({ log, source: 's', mappings: shippedMappings(), tally: new Tally(), deliver }),
    ).rejects.toThrow('line 9');
    expect(told(events)).toEqual([`case.accepted ${permit.startdate}`]);
  });
});

describe('a mapping file', () => {
  const good = 'name: n\nregion: "130600"\ncaseNo: { attribute: id }\nstart: {}\nend: {}\n';
  it.each([
    [`${good}colour: red\n`, 'm.yaml line 6: colour: unknown key'],
    [good.replace('start: {}', 'start:\n  atribute: x'), 'm.yaml line 5: start.atribute: unknown key'],
    [`${good}zone: Mars/Olympus\n`, 'm.yaml line 6: zone: expected an IANA time zone'],
    [
      `${good}activities:\n  A: { ignore: true }\n  B: { kind: case.eaten }\n`,
      'm.yaml line 8: activities.B.kind: expected a kind of observation',
    ],
    [good.replace('"130600"', 'here'), 'm.yaml line 2: region: expected a division code'],
    [`${good}: :\n - x`, 'm.yaml: '],
  ])('is refused with its line: %#', (text, message) => {
    expect(() => parseMapping(text, 'm.yaml')).toThrow(MappingError);
    expect(() => parseMapping(text, 'm.yaml')).toThrow(message);
  });
});
