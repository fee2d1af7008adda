import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { localDateSchema, type LocalDate, type Millis } from '@mingjing/contracts';

const progressSchema = z.strictObject({
  /** Which play into which centre this belongs to: another seed or a new centre begins anew. */
  play: z.string(),
  /** The first day that was played. */
  firstDay: localDateSchema,
  /** Everything due until then was posted and answered for, ms since the epoch. */
  postedThrough: z.number(),
  /** The last minute whose live cases were begun. */
  lastMinute: z.int(),
});

/** How far a play has come, so that a restart ends the cases that were open and repeats little. */
export interface Progress {
  firstDay: LocalDate;
  postedThrough: Millis;
  lastMinute: number;
}

/** Where progress is kept. Losing it costs time, not truth: the centre knows what it has by (source, id). */
export interface ProgressStore {
  load: () => Promise<Progress | null>;
  save: (progress: Progress) => Promise<void>;
}

/**
 * Keeps progress in a small JSON file, replaced as a whole.
 * @param play names the play; progress of another is passed over
 */
export function progressFile(file: string, play: string): ProgressStore {
  return {
    load: async () => {
      let text: string;
      try {
        text = await readFile(file, 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
        throw error;
      }
      const parsed = z.json().pipe(progressSchema).safeParse(jsonOf(text));
      return parsed.success && parsed.data.play === play ? parsed.data : null;
    },
    save: async ({ firstDay, postedThrough, lastMinute }) => {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(`${file}.new`, JSON.stringify({ play, firstDay, postedThrough, lastMinute }));
      await rename(`${file}.new`, file);
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Cut off by a crash: as good as absent, the play is posted again and found to be there.
    return null;
  }
}
