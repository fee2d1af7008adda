import type { CalendarName, CloudEvent, Limit } from '@mingjing/contracts';
import { withStableIds } from './ids.ts';
import type { Clock, Field, Mapping } from './schema.ts';
import { LogError, type Attributes, type LogEvent, type Trace } from './trace.ts';
import type { Tally } from './tally.ts';
import { readTime } from './times.ts';

/** How a log is to be read besides its mapping. */
export interface ApplyOptions {
  source: string;
  /** Stands for the mapping's own. */
  clock?: Clock | undefined;
  calendar?: CalendarName | undefined;
  zone?: string | undefined;
  region?: string | undefined;
}

/** A case as observations. */
export interface MappedCase {
  caseNo: string;
  events: CloudEvent[];
  /** The time of its last event, as events of the log go; undefined when none has one. */
  lastEventAt: number | undefined;
}

type Draft = Omit<CloudEvent, 'id'>;
interface TimedEvent {
  event: LogEvent;
  time: string;
  at: number;
  activity: string;
}

/** Names are at most 200 characters in the contracts; longer ones are cut, and counted. */
const MAX_NAME = 200;

/** Makes observations of cases as one mapping says. */
export class Mapper {
  readonly mapping: Mapping;
  readonly #options: ApplyOptions;
  readonly #tally: Tally;
  readonly #zone: string;
  readonly #region: string;
  readonly #clock: Clock;

  constructor(mapping: Mapping, options: ApplyOptions, tally: Tally) {
    this.mapping = mapping;
    this.#options = options;
    this.#tally = tally;
    this.#zone = options.zone ?? mapping.zone;
    this.#region = options.region ?? mapping.region;
    this.#clock = options.clock ?? mapping.clock;
    if (this.#clock === 'deadline' && !mapping.deadline) {
      throw new LogError(
        `the clock is "deadline", but mapping "${mapping.name}" names no deadline attribute`,
      );
    }
  }

  /** The observations of one case, acceptance first, each with an id that follows from its content. */
  map(trace: Trace): MappedCase {
    const caseNo = this.#caseNo(trace);
    const timed = this.#timedEvents(trace, caseNo);
    const drafts = [
      ...this.#accepted(trace, caseNo, timed),
      ...timed.flatMap((event) => this.#event(event, trace, caseNo)),
      ...this.#decided(trace, caseNo, timed),
    ];
    if (drafts.length === 0)
      this.#note('cases hold nothing with a time and were left out', caseNo, trace.line);
    const lastEventAt = timed.reduce<number | undefined>(
      (last, { at }) => Math.max(last ?? at, at),
      undefined,
    );
    return { caseNo, events: withStableIds(drafts), lastEventAt };
  }

  #note(what: string, caseNo: string, line: number): void {
    this.#tally.note(what, `${caseNo}, line ${line}`);
  }

  #caseNo(trace: Trace): string {
    const { attribute, prefix } = this.mapping.caseNo;
    const value = trace.attributes.get(attribute)?.trim();
    if (value !== undefined && value !== '') return `${prefix}${value}`.slice(0, MAX_NAME);
    this.#note(
      `cases have no "${attribute}" and are numbered by their line`,
      `line ${trace.line}`,
      trace.line,
    );
    return `${prefix}line-${trace.line}`;
  }

  #timedEvents(trace: Trace, caseNo: string): TimedEvent[] {
    const { time, activity } = this.mapping.event;
    return trace.events.flatMap((event) => {
      const text = event.attributes.get(time);
      const read = text === undefined ? undefined : readTime(text, this.#zone);
      if (read === undefined) {
        const problem = text === undefined ? `have no "${time}"` : `have a "${time}" that is no time`;
        this.#note(`events ${problem} and were left out`, caseNo, event.line);
        return [];
      }
      const name = event.attributes.get(activity);
      if (name === undefined) this.#note(`events have no "${activity}"`, caseNo, event.line);
      return [{ event, time: read, at: Date.parse(read), activity: name ?? '未命名 unnamed' }];
    });
  }

  /** A time attribute of the case; undefined when it is absent, and also, counted, when it is no time. */
  #caseTime(trace: Trace, caseNo: string, key: string | undefined, dayEnds = false): string | undefined {
    const text = key === undefined ? undefined : trace.attributes.get(key);
    if (key === undefined || text === undefined || text.trim() === '') return undefined;
    const time = readTime(text, this.#zone, dayEnds);
    if (time === undefined) this.#note(`cases have a "${key}" that is no time`, caseNo, trace.line);
    return time;
  }

  #accepted(trace: Trace, caseNo: string, timed: readonly TimedEvent[]): Draft[] {
    const { attribute, otherwise } = this.mapping.start;
    let time = this.#caseTime(trace, caseNo, attribute);
    if (time === undefined && otherwise === 'first-event') {
      time = extreme(timed, (a, b) => a.at < b.at)?.time;
      if (attribute !== undefined && time !== undefined) {
        this.#note(
          `cases have no "${attribute}": their clock starts with their first event`,
          caseNo,
          trace.line,
        );
      }
    }
    if (time === undefined) return [];
    const { title, applicant, matter, channel, responsible } = this.mapping;
    const facts = {
      title: this.#field(trace.attributes, title, caseNo, trace.line),
      applicant: this.#field(trace.attributes, applicant, caseNo, trace.line),
      matter: this.#field(trace.attributes, matter, caseNo, trace.line),
      channel: channelOf(this.#field(trace.attributes, channel, caseNo, trace.line)),
      officer: this.#field(trace.attributes, responsible, caseNo, trace.line),
      limit: this.#limit(trace, caseNo),
    };
    return [this.#draft('case.accepted', time, trace, caseNo, facts)];
  }

  #limit(trace: Trace, caseNo: string): Limit | undefined {
    const clock = this.#clock;
    if (clock === 'none') return undefined;
    const calendar = this.#options.calendar ?? this.mapping.calendar;
    const where = { zone: this.#zone, ...(calendar === undefined ? {} : { calendar }) };
    if (clock !== 'deadline') return { budget: clock, ...where };
    const until = this.#caseTime(trace, caseNo, this.mapping.deadline?.attribute, true);
    if (until !== undefined) return { budget: { until }, ...where };
    const what = `cases have no usable "${this.mapping.deadline?.attribute}": no clock runs, they count as not overdue`;
    this.#note(what, caseNo, trace.line);
    return undefined;
  }

  #decided(trace: Trace, caseNo: string, timed: readonly TimedEvent[]): Draft[] {
    const { attribute, activities, otherwise, outcome } = this.mapping.end;
    const ending = timed.filter(({ activity }) => activities?.includes(activity));
    const last = (events: readonly TimedEvent[]) => extreme(events, (a, b) => a.at >= b.at)?.time;
    const time =
      this.#caseTime(trace, caseNo, attribute) ??
      last(ending) ??
      (otherwise === 'last-event' ? last(timed) : undefined);
    return time === undefined ? [] : [this.#draft('case.decided', time, trace, caseNo, { outcome })];
  }

  #event(timed: TimedEvent, trace: Trace, caseNo: string): Draft[] {
    const { event, time, activity } = timed;
    const rule = Object.hasOwn(this.mapping.activities, activity)
      ? this.mapping.activities[activity]
      : undefined;
    if (rule && 'ignore' in rule) return [];
    const officer = this.#cut(event.attributes.get(this.mapping.event.officer), caseNo, event.line);
    if (rule && 'kind' in rule) {
      const own = rule.kind.startsWith('case.') ? {} : { activity };
      return [this.#draft(rule.kind, time, trace, caseNo, { officer, ...own, ...rule.data })];
    }
    const stage = this.#cut(rule?.stage ?? activity, caseNo, event.line);
    const started = event.attributes.get(this.mapping.event.lifecycle)?.toLowerCase() === 'start';
    return [
      this.#draft(started ? 'case.stage.started' : 'case.stage.completed', time, trace, caseNo, {
        officer,
        stage,
      }),
    ];
  }

  #draft(type: string, time: string, trace: Trace, caseNo: string, more: Record<string, unknown>): Draft {
    const department = this.#field(trace.attributes, this.mapping.department, caseNo, trace.line);
    const data = { region: this.#region, caseNo, department, ...more };
    const known = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
    return { specversion: '1.0', source: this.#options.source, type, time, data: known };
  }

  #field(attributes: Attributes, field: Field | undefined, caseNo: string, line: number): string | undefined {
    if (!field) return undefined;
    if ('value' in field) return field.value;
    const value = attributes.get(field.attribute);
    return this.#cut(value === undefined ? undefined : (field.values?.[value] ?? value), caseNo, line);
  }

  #cut(value: string | undefined, caseNo: string, line: number): string | undefined {
    if (value === undefined || value === '') return undefined;
    if (value.length <= MAX_NAME) return value;
    this.#note(`names are longer than ${MAX_NAME} characters and were cut`, caseNo, line);
    return value.slice(0, MAX_NAME).toWellFormed();
  }
}

function channelOf(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  return ['counter', 'online', 'post'].includes(value) ? value : 'other';
}

function extreme<T>(items: readonly T[], before: (a: T, b: T) => boolean): T | undefined {
  return items.reduce<T | undefined>(
    (best, item) => (best === undefined || before(item, best) ? item : best),
    undefined,
  );
}
