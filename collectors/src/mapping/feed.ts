import type { OutboxItem } from '../outbox/index.ts';
import { Mapper, type ApplyOptions, type MappedCase } from './apply.ts';
import { chooseMapping, SAMPLE_TRACES } from './choose.ts';
import type { Mapping } from './schema.ts';
import type { Tally } from './tally.ts';
import { LogError, type Trace } from './trace.ts';

/** A log under way: its traces, and the trace attributes that it declares for all of them. */
export interface Log {
  traces: AsyncIterable<Trace>;
  declared: () => Iterable<string>;
}

export interface FeedOptions extends ApplyOptions {
  log: Log;
  /** The one to use, or several of which the first that fits is taken. */
  mappings: readonly Mapping[];
  tally: Tally;
  /** Takes observations over; resolves when they are safe. */
  deliver: (items: OutboxItem[]) => Promise<void>;
  /** Told which mapping is used, once. */
  onMapping?: (mapping: Mapping) => void;
  /** Told of every case, before its observations are handed over. */
  onCase?: (mapped: MappedCase) => void;
  /** Told after every delivery. */
  onProgress?: (read: LogCounts) => void;
}

/** What was read of a log. */
export interface LogCounts {
  cases: number;
  /** Events of the log itself, not those that were derived from attributes. */
  events: number;
  /** Observations made of them. */
  observations: number;
  /** The time of the last event, ms since the epoch. */
  lastEventAt: number | undefined;
}

/** Observations handed over at once, about: few enough to hold, many enough to commit together. */
const BATCH = 500;

/**
 * Reads a log to its end, makes observations of it and hands them over as it goes; holds a few hundred
 * traces at most.
 * @throws LogError where the log cannot be read further; what came before has been handed over
 */
export async function feedLog(options: FeedOptions): Promise<LogCounts> {
  const counts: LogCounts = { cases: 0, events: 0, observations: 0, lastEventAt: undefined };
  let sample: Trace[] = [];
  let mapper: Mapper | undefined;
  let ready: OutboxItem[] = [];

  const flush = async (): Promise<void> => {
    if (ready.length > 0) await options.deliver(ready);
    ready = [];
    options.onProgress?.(counts);
  };
  const take = async (trace: Trace, by: Mapper): Promise<void> => {
    const mapped = by.map(trace);
    options.onCase?.(mapped);
    counts.cases += 1;
    counts.events += trace.events.length;
    counts.observations += mapped.events.length;
    if (mapped.lastEventAt !== undefined) {
      counts.lastEventAt = Math.max(counts.lastEventAt ?? mapped.lastEventAt, mapped.lastEventAt);
    }
    ready.push(...mapped.events.map((event) => ({ event })));
    if (ready.length >= BATCH) await flush();
  };
  const settleSample = async (): Promise<void> => {
    mapper = begin(options, sample);
    for (const trace of sample) await take(trace, mapper);
    sample = [];
  };

  try {
    for await (const trace of options.log.traces) {
      if (mapper) await take(trace, mapper);
      else if (sample.push(trace) >= SAMPLE_TRACES) await settleSample();
    }
  } catch (error) {
    // What was read before the break is handed over all the same.
    if (error instanceof LogError && !mapper && sample.length > 0) await settleSample();
    if (error instanceof LogError) await flush();
    throw error;
  }
  if (!mapper && sample.length > 0) await settleSample();
  await flush();
  return counts;
}

function begin(options: FeedOptions, sample: readonly Trace[]): Mapper {
  const [only, ...others] = options.mappings;
  const mapping =
    only && others.length === 0 ? only : chooseMapping(options.mappings, sample, options.log.declared());
  options.onMapping?.(mapping);
  return new Mapper(mapping, options, options.tally);
}
