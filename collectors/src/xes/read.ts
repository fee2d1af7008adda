import { readText } from '../files/text.ts';
import type { Log, Tally, Trace } from '../mapping/index.ts';
import { XesParser } from './parser.ts';

/**
 * Opens an XES file (IEEE 1849), plain or gzip, whatever its name. Holds one trace at a time.
 * The traces end with a LogError, naming file and line, where the file cannot be read further.
 */
export function openXes(file: string, tally: Tally): Log {
  const parser = new XesParser(file);
  async function* traces(): AsyncGenerator<Trace> {
    for await (const text of readText(file, () => parser.line)) {
      try {
        parser.write(text);
      } finally {
        yield* parser.take();
      }
    }
    parser.end();
    for (let n = 0; n < parser.looseEvents; n += 1)
      tally.note('events stand in no trace and were left out', file);
  }
  return { traces: traces(), declared: () => parser.declared };
}
