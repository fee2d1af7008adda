import { LogError, type Trace } from './trace.ts';
import type { Mapping } from './schema.ts';

/** How many traces are looked at before a mapping is chosen; they are held meanwhile. */
export const SAMPLE_TRACES = 200;

function fits(mapping: Mapping, attributes: Set<string>, activities: Set<string>): boolean {
  const when = mapping.chosenWhen;
  if (!when) return false;
  return (
    (when.traceAttributes ?? []).every((key) => attributes.has(key)) &&
    (when.activities ?? []).every((name) => activities.has(name))
  );
}

/**
 * The first mapping whose `chosenWhen` the log fulfils, by its first traces and the attributes it
 * declares for all of them.
 * @throws LogError when none does
 */
export function chooseMapping(
  mappings: readonly Mapping[],
  sample: readonly Trace[],
  declared: Iterable<string>,
): Mapping {
  const attributes = new Set(declared);
  for (const trace of sample) for (const key of trace.attributes.keys()) attributes.add(key);
  const chosen = mappings.find((mapping) => {
    const activities = new Set<string>();
    for (const { events } of sample) {
      for (const event of events) activities.add(event.attributes.get(mapping.event.activity) ?? '');
    }
    return fits(mapping, attributes, activities);
  });
  if (!chosen) throw new LogError('no mapping fits this log; name one with --mapping FILE');
  return chosen;
}
