import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { answerLine } from '../clockLines/answer.ts';
import { LONGEST_LINE, readLines } from '../clockLines/readLines.ts';
import { runProgram } from './support.ts';

/** Reads lines, writes one answer for each, in order, one line at a time. */
async function run(file: string | undefined, { explain = false }: { explain?: boolean }): Promise<void> {
  const input = file === undefined || file === '-' ? process.stdin : createReadStream(file);
  input.setEncoding('utf8');
  const answers = async function* (chunks: AsyncIterable<string>): AsyncGenerator<string> {
    for await (const { number, text } of readLines(chunks)) {
      const answer =
        text === null
          ? { id: null, error: `line ${number}: longer than ${LONGEST_LINE} characters` }
          : answerLine(text, number, explain);
      yield `${JSON.stringify(answer)}\n`;
    }
  };
  try {
    await pipeline(input, answers, process.stdout, { end: false });
  } catch (error) {
    // Whoever reads has seen enough: mingjing clock | head.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error;
  }
}

const HELP = `
Each line is a clock:
  {"id":"a","zone":"Asia/Shanghai","calendar":"cn","start":"2026-10-20T09:12:00+08:00",
   "budget":{"workingDays":15},"asOf":"2026-11-20T09:30:00+08:00"}
budget       {"workingDays":n} | {"calendarDays":n} | {"workingHours":n} | {"until":"2026-12-01T00:00:00+08:00"}
zone         IANA zone; Asia/Shanghai unless it is told
calendar     cn (the State Council's notices, 2004-2026) or weekdays; cn unless it is told
hours        opening hours of a working day; [["09:00","12:00"],["13:30","17:00"]] unless they are told
roll         next-working-day or none, for calendar days; next-working-day unless it is told
extensions   [{"at":instant,"workingDays":10}], in the unit of the budget
suspensions  [{"from":instant,"to":instant or null}]; null: still open
end, asOf    the clock is judged at its end, else at asOf; one of the two is needed
Instants are RFC 3339 with an offset. The answer is a line
  {"id","due","overdue","provisional","remaining"}, with --explain also "days";
due is a date for days, else an instant in the clock's zone; remaining is in the unit of the budget, the
current day counted as used, never below 0, and null for a planned instant. A line that cannot be understood
is answered with {"id","error"}, and the rest go on. All lines answered: exit code 0. See docs/clocks.md.
`;

await runProgram(
  new Command('mingjing clock')
    .description('tell when clocks are due: JSON lines in, JSON lines out')
    .argument('[file]', 'the lines (default: standard input)')
    .option('--explain', 'list every day: counted, not counted, and why')
    .addHelpText('after', HELP)
    .action(run),
);
