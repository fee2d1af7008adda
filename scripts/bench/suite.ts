/** One measured figure. A field that does not apply is null. */
export interface Figure {
  suite: string;
  name: string;
  value: number;
  unit: string;
  /** What it was measured beside, in the same run. */
  peer: string | null;
  /** Our value as a share of the peer's. */
  ratio: number | null;
  /** The limit that `ratio` (or `value`, where there is no peer) is held to; `atLeast` or `atMost` says which way. */
  bar: number | null;
  pass: boolean | null;
}

/** A suite measures one part; progress goes to `log`, never to standard output. */
export interface Suite {
  name: string;
  about: string;
  /** It takes so long that it is left out where no suite is named. */
  onlyByName?: boolean;
  run(log: (line: string) => void, options?: { minutes?: number }): Promise<Figure[]>;
}

/** The value below which a share `p` (0 to 1) of the samples lie. @throws RangeError without samples */
export function percentile(samples: readonly number[], p: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))];
  if (value === undefined) throw new RangeError('a percentile needs samples');
  return value;
}
