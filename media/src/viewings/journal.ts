import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { viewingSchema, type Viewing } from '@mingjing/contracts';
import { z } from 'zod';
import { codeOf } from '../modules.ts';

/** A viewing as of a moment; the last line on a viewing counts. */
const lineSchema = z.object({ at: z.int(), viewing: viewingSchema.optional() });
type Line = z.infer<typeof lineSchema>;

/**
 * The viewings of a media host that the centre has not taken yet, or that go on: JSON lines in a file, so that neither a
 * crash nor a centre that is away loses one.
 */
export class Journal {
  readonly #file: string;
  /** Writes one after the other. */
  #writing: Promise<void> = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
  }

  /**
   * What the last run left behind. Viewings that it did not see end have ended when it last wrote.
   * @returns the viewings, and how many lines could not be read (the last of a run that was killed while it wrote)
   * @throws what the system says, other than that there is no file
   */
  async load(): Promise<{ viewings: Viewing[]; unreadable: number }> {
    const text = await readFile(this.#file, 'utf8').catch((problem: unknown) => {
      if (codeOf(problem) === 'ENOENT') return '';
      throw problem;
    });
    const lines = text.split('\n').filter((line) => line !== '');
    const read = lines.flatMap((line) => lineOf(line) ?? []);
    const last = new Map<string, Viewing>();
    for (const { viewing } of read) if (viewing) last.set(viewing.id, viewing);
    const seenAt = read.at(-1)?.at ?? 0;
    const viewings = [...last.values()].map((viewing) => ({
      ...viewing,
      endedAt: viewing.endedAt ?? Math.max(viewing.startedAt, seenAt),
    }));
    return { viewings, unreadable: lines.length - read.length };
  }

  /** Adds what is known of viewings; none: that the host is alive. @param at ms since the epoch */
  append(at: number, viewings: readonly Viewing[]): Promise<void> {
    const lines: Line[] = viewings.length === 0 ? [{ at }] : viewings.map((viewing) => ({ at, viewing }));
    return this.#then(() => appendFile(this.#file, textOf(lines)));
  }

  /** Keeps these alone. */
  replace(at: number, viewings: readonly Viewing[]): Promise<void> {
    const text = textOf(viewings.map((viewing) => ({ at, viewing })));
    return this.#then(async () => {
      const half = `${this.#file}.half`;
      await writeFile(half, text);
      await rename(half, this.#file);
    });
  }

  /** Waits until all of it is on the disk. */
  flush(): Promise<void> {
    return this.#writing;
  }

  #then(write: () => Promise<void>): Promise<void> {
    const written = this.#writing.then(async () => {
      await mkdir(path.dirname(this.#file), { recursive: true });
      await write();
    });
    // Whoever asked hears of a failure; the next write is tried by itself.
    this.#writing = written.catch(() => undefined);
    return written;
  }
}

function textOf(lines: readonly Line[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

function lineOf(text: string): Line | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // cut off by the end of the process; counted by who asked
  }
}
