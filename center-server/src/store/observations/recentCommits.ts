import type { StoredObservation } from '@mingjing/contracts';
import type { NewObservation } from '../../ingest/check.ts';

interface Commit {
  first: number;
  last: number;
  rows: NewObservation[];
  characters: number;
}

/** The most that is held for a pipeline that lags: a few of the writer's commits. */
const MOST_ROWS = 20_000;
const MOST_CHARACTERS = 32_000_000;

/**
 * What the writer of this process has just committed, so that the pipeline need not read it back from the
 * store. Only a copy: which numbers are committed is asked of the store, and what is not here (another node
 * stored it, the pipeline lags, the process was restarted) is read there.
 */
export class RecentCommits {
  #commits: Commit[] = [];

  /** Keeps the rows of a commit, once it is durable. @param first the number of the first row; no gaps follow */
  add(first: number, rows: NewObservation[]): void {
    const characters = rows.reduce((sum, row) => sum + row.data.length, 0);
    const newest = this.#commits.at(-1);
    // A server that came back without its last commits gives out their numbers anew.
    if (newest && first <= newest.last) this.#commits = [];
    const held = this.#commits.reduce((sum, commit) => sum + commit.rows.length, rows.length);
    const heldCharacters = this.#commits.reduce((sum, commit) => sum + commit.characters, characters);
    // What comes next is kept, rather than what came last: it is what the pipeline asks for first.
    if (held > MOST_ROWS || heldCharacters > MOST_CHARACTERS) return;
    this.#commits.push({ first, last: first + rows.length - 1, rows, characters });
  }

  /** Lets go of what a reader has passed for good. */
  forgetUpTo(seq: number): void {
    this.#commits = this.#commits.filter(({ last }) => last > seq);
  }

  /** The observations numbered `after` + 1 to `last`; undefined unless all of them are here. */
  between(after: number, last: number): StoredObservation[] | undefined {
    const within = this.#commits.filter((commit) => commit.last > after && commit.first <= last);
    let next = after + 1;
    for (const commit of within) {
      if (commit.first > next) return undefined;
      next = commit.last + 1;
    }
    if (next <= last) return undefined;
    return within.flatMap(({ first, rows }) => {
      const from = Math.max(0, after + 1 - first);
      return rows.slice(from, last + 1 - first).map((row, index) => asStored(row, first + from + index));
    });
  }
}

function asStored(row: NewObservation, seq: number): StoredObservation {
  const { source, id, kind, region, observedAt, receivedAt } = row;
  // From the text that was stored, so that it is to the letter what the store would give back.
  const data = JSON.parse(row.data) as Record<string, unknown>;
  return { seq, source, id, kind, region, observedAt, receivedAt, data };
}
