import { LogError, type Log, type Mapping, type Tally } from '../mapping/index.ts';
import { openCsv } from '../csv/read.ts';
import { openXes } from '../xes/read.ts';

/**
 * Opens a log by what its name says it is: .csv and .csv.gz are tables, everything else XES.
 * @throws LogError when a table comes without the one mapping that explains its columns
 */
export function openLog(file: string, mappings: readonly Mapping[], tally: Tally): Log {
  if (!/\.csv(\.gz)?$/i.test(file)) return openXes(file, tally);
  const [mapping, ...others] = mappings;
  if (!mapping || others.length > 0)
    throw new LogError(`${file}: a table needs a mapping; name one with --mapping FILE`);
  return openCsv(file, mapping);
}
