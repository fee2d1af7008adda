/** No line that describes a clock is longer, in characters. */
export const LONGEST_LINE = 1_000_000;

/** A line without its end; `text` is null when it was longer than LONGEST_LINE. */
export interface Line {
  number: number;
  text: string | null;
}

/**
 * Cuts a stream of text into lines, in order, with no more in memory than a chunk and a line. Empty lines are
 * counted and passed over; a mark of the byte order at the beginning is dropped.
 */
export async function* readLines(chunks: AsyncIterable<string>): AsyncGenerator<Line> {
  let number = 1;
  let rest = '';
  let tooLong = false;
  const ended = (): Line | null => {
    const text = (number === 1 ? rest.replace(/^\uFEFF/, '') : rest).trim();
    const line = tooLong ? { number, text: null } : { number, text };
    rest = '';
    tooLong = false;
    number += 1;
    return line.text === '' ? null : line;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (;;) {
      const end = chunk.indexOf('\n', from);
      const piece = chunk.slice(from, end < 0 ? undefined : end);
      if (rest.length + piece.length > LONGEST_LINE) tooLong = true;
      rest = tooLong ? '' : rest + piece;
      if (end < 0) break;
      const line = ended();
      if (line) yield line;
      from = end + 1;
    }
  }
  const last = ended();
  if (last) yield last;
}
