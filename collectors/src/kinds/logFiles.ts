import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { calendarNameSchema, regionCodeSchema } from '@mingjing/contracts';
import { z } from 'zod';
import { clockSchema, feedLog, isZone, LogError, Tally, type Log, type Mapping } from '../mapping/index.ts';
import { appendWhenRoom, isAborted, messageOf, pause, type OutboxItem } from '../outbox/index.ts';
import type { KindContext } from './kind.ts';

/** What may be set for a collector of log files. */
export const logFileOptions = z.object({
  /** A file, or a folder that is watched for files. */
  path: z.string().min(1),
  mapping: z.string().min(1).optional(),
  clock: clockSchema.optional(),
  calendar: calendarNameSchema.optional(),
  zone: z.string().refine(isZone, 'expected an IANA time zone such as Asia/Shanghai').optional(),
  region: regionCodeSchema.optional(),
  /** How often the path is looked at. */
  everySeconds: z.number().positive().max(86_400).default(5),
});
type LogFileOptions = z.output<typeof logFileOptions>;

/** How a kind reads its files. */
export interface LogReader {
  /** Which names in a watched folder are its own. */
  names: RegExp;
  mappings: readonly Mapping[];
  open: (file: string, tally: Tally) => Log;
}

interface Found {
  file: string;
  /** Changes when the file does. */
  edition: string;
}

async function look(path: string, names: RegExp): Promise<Found[]> {
  const about = await stat(path);
  const files = about.isDirectory()
    ? (await readdir(path)).filter((name) => names.test(name)).map((name) => join(path, name))
    : [path];
  const found = await Promise.all(
    files.sort().map(async (file) => {
      const { size, mtimeMs } = await stat(file);
      return { file, edition: `${size}:${mtimeMs}` };
    }),
  );
  return found;
}

/** Reads one edition of a file to its end, or to where it breaks. */
async function readFile(
  file: string,
  options: LogFileOptions,
  reader: LogReader,
  context: KindContext,
): Promise<void> {
  const { outbox, log, signal, source } = context;
  const tally = new Tally();
  const deliver = async (items: OutboxItem[]): Promise<void> => {
    await appendWhenRoom(outbox, items, log, signal);
    signal.throwIfAborted();
  };
  const { clock, calendar, zone, region } = options;
  try {
    const counts = await feedLog({
      ...{ log: reader.open(file, tally), mappings: reader.mappings, tally, deliver },
      ...{ source, clock, calendar, zone, region },
      onMapping: ({ name }) => log.info({ file, mapping: name }, 'reading a log'),
    });
    log.info({ file, ...counts }, 'a log was read to its end');
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    log.error({ file }, `${error.message}; what was read before stays`);
  }
  for (const line of tally.lines()) log.warn({ file }, line);
}

/**
 * Reads log files as they come and change; an edition that was read is not read again, also after a
 * restart. A file is left alone while it grows. Reading one twice is harmless: its events keep their ids.
 */
export async function collectLogFiles(
  options: LogFileOptions,
  reader: LogReader,
  context: KindContext,
): Promise<void> {
  const { outbox, log, signal } = context;
  const path = resolve(options.path);
  const seen = new Map<string, string>();
  let complaint = '';
  while (!isAborted(signal)) {
    try {
      for (const { file, edition } of await look(path, reader.names)) {
        const isQuiet = seen.get(file) === edition;
        seen.set(file, edition);
        const key = `log:${file}`;
        if (!isQuiet || outbox.progress(key) === edition) continue;
        await readFile(file, options, reader, context);
        outbox.setProgress(key, edition);
      }
      complaint = '';
    } catch (error) {
      if (isAborted(signal)) return;
      if (messageOf(error) !== complaint)
        log.error(`${basename(path)}: ${messageOf(error)}; tried again every ${options.everySeconds} s`);
      complaint = messageOf(error);
    }
    await pause(options.everySeconds * 1000, signal);
  }
}
