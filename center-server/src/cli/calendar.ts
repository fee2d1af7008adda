import { ConfigError, localDateSchema, nameSchema, type CalendarAnswer } from '@mingjing/contracts';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { publishCalendar, readCalendars } from '../administer/calendars.ts';
import { inTransaction } from '../store/database.ts';
import { checked, commandLineOffice, readFileAs, runProgram, withDatabase } from './support.ts';

interface Common {
  json?: boolean;
}

/** A year's notice as holiday-cn publishes it: the days off, and the working days that make up for them. */
const noticeSchema = z.object({
  year: z.int().min(1970).max(2199),
  days: z.array(z.object({ name: nameSchema, date: localDateSchema, isOffDay: z.boolean() })).min(1),
});

function show({ book, versions }: CalendarAnswer, { json }: Common): void {
  if (json) {
    console.log(JSON.stringify({ book, versions }));
    return;
  }
  for (const { version, createdAt, createdBy, note } of versions)
    console.log(`version ${version}  ${new Date(createdAt).toISOString()}, by ${createdBy}: ${note}`);
  console.log(`notices entered: ${book.notices.join(', ') || 'none'}`);
  for (const { region, date, working, name } of book.days)
    console.log(
      `${date}  ${working ? 'working' : 'off'}  ${name}${region === undefined ? '' : `, ${region}`}`,
    );
}

async function list(options: Common): Promise<void> {
  show(await withDatabase((pool) => readCalendars(pool, commandLineOffice())), options);
}

async function importNotice(file: string, options: Common & { year?: string; note?: string }): Promise<void> {
  const notice = checked(noticeSchema, await readFileAs(file));
  const year = options.year === undefined ? notice.year : Number(options.year);
  if (year !== notice.year)
    throw new ConfigError(`--year: ${options.year}, but ${file} holds the notice of ${notice.year}`);
  const put = notice.days.map(({ date, isOffDay, name }) => ({ date, working: !isOffDay, name }));
  const note = options.note ?? `${year} 年节假日安排`;
  const answer = await withDatabase(async (pool) =>
    inTransaction(pool, async (client) => {
      const office = commandLineOffice();
      const base = (await readCalendars(client, office)).book.version;
      return publishCalendar(client, office, { base, note, put, remove: [], notices: [year] });
    }),
  );
  if (options.json) console.log(JSON.stringify(answer.book));
  else
    console.log(`${put.length} days of ${year} are in; the calendar is at version ${answer.book.version}.`);
}

const program = new Command('mingjing calendar').description('list and import days of the working calendar');
const json = () => new Option('--json', 'print JSON');

program
  .command('list')
  .description('list what was entered on top of the national calendar')
  .addOption(json())
  .action(list);
program
  .command('import <file>')
  .description("enter a year's notice from a file of the project holiday-cn; deadlines in it become final")
  .option('--year <year>', 'the year that is meant; refused when the file holds another')
  .option('--note <text>', 'why')
  .addOption(json())
  .action(importNotice);

await runProgram(program);
