export { feedLog, type Log, type LogCounts } from './feed.ts';
export { loadMapping, MappingError, shippedMappings } from './load.ts';
export { clockSchema, type Clock, type Mapping } from './schema.ts';
export { Tally } from './tally.ts';
export { isZone } from './times.ts';
export { LogError, type Attributes, type LogEvent, type Trace } from './trace.ts';
