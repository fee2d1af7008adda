/** Attributes of a trace or an event by key; a nested one by its path, `parent/child`. */
export type Attributes = Map<string, string>;

/** One event of a log, as it stood there. */
export interface LogEvent {
  attributes: Attributes;
  /** Where it stands in the file. */
  line: number;
}

/** One case of a log: what XES calls a trace, or the rows of a table that share a case number. */
export interface Trace {
  attributes: Attributes;
  events: LogEvent[];
  line: number;
}

/** A log that cannot be read further; the message names the file and the line. What was read before stays. */
export class LogError extends Error {
  override name = 'LogError';
}
