import { instantSchema, parseInstant, type AlertRouting, type Telling } from '@mingjing/contracts';
import { calendarsOf, defaultRuleset, shippedCalendars } from '@mingjing/rules';
import { Command } from 'commander';
import { z } from 'zod';
import type { Viewer } from '../auth/viewer.ts';
import { systemClock } from '../clock.ts';
import { openDirectory } from '../directory.ts';
import { routingOf } from '../read/routing.ts';
import type { Rules } from '../rulebook.ts';
import { currentCalendarBook } from '../store/calendars/currentCalendarBook.ts';
import type { Queryable } from '../store/database.ts';
import { currentRuleset } from '../store/ruleset/currentRuleset.ts';
import { checked, runProgram, withDatabase } from './support.ts';

interface Options {
  at?: string;
  json?: boolean;
}

/** Whoever may run the command on the database sees everything that is in it. */
const EVERYWHERE: Viewer = {
  userId: 0,
  username: 'cli',
  name: 'cli',
  role: 'administrator',
  region: '130000',
};

/** What the centre judges by now, read once; nothing is published. */
async function rulesInForce(db: Queryable, now: number): Promise<Rules> {
  const ruleset = (await currentRuleset(db, now))?.ruleset ?? defaultRuleset;
  const book = await currentCalendarBook(db);
  const calendars = book ? calendarsOf(book) : shippedCalendars;
  return { ruleset: () => ruleset, calendars: () => calendars };
}

function lineOf({ at, level, who, reason }: Telling): string {
  const people = who
    .map(({ user, role, regionName }) => `${user ?? '—'} (${role}, ${regionName})`)
    .join(', ');
  return `  ${new Date(at).toISOString()}  level ${level}  ${people}\n    ${reason.name}: ${reason.zh} ${reason.en}`;
}

function show({ asOf, rulesetVersion, decision, told, next }: AlertRouting): void {
  const { stage, reason, until } = decision;
  const again = until === null ? '' : `; decided again ${new Date(until).toISOString()}`;
  console.log(
    `As of ${new Date(asOf).toISOString()}, ruleset ${rulesetVersion}: ${stage}, ${reason.name}${again}`,
  );
  console.log(`  ${reason.zh} ${reason.en}`);
  console.log(told.length === 0 ? 'Told: nobody yet' : 'Told:');
  for (const telling of told) console.log(lineOf(telling));
  console.log(next.length === 0 ? 'Next, if nobody acts: nobody' : 'Next, if nobody acts:');
  for (const telling of next) console.log(lineOf(telling));
}

async function run(text: string, { at, json }: Options): Promise<void> {
  const { id } = checked(
    z.object({ id: z.coerce.number<string>('expected the number of an alert').int().min(1) }),
    {
      id: text,
    },
  );
  const now = systemClock();
  const given = checked(z.object({ at: instantSchema.optional() }), { at }).at;
  const asked = given === undefined ? now : parseInstant(given);
  await withDatabase(async (pool) => {
    const directory = await openDirectory(pool, (error) => console.error(error));
    directory.stop();
    const around = { directory, rules: await rulesInForce(pool, now) };
    const routing = await routingOf(pool, around, EVERYWHERE, id, { at: asked, now });
    if (json) console.log(JSON.stringify(routing));
    else show(routing);
  });
}

const program = new Command('mingjing route')
  .description('say who was told of an alert, and who would be if nobody acts; nobody is told by it')
  .argument('<alert>', 'the number of an alert')
  .option('--at <time>', 'as of this instant (default: now), e.g. 2026-11-22T09:41:07+08:00')
  .option('--json', 'print JSON')
  .action(run);

await runProgram(program);
