import type { Ruleset } from '@mingjing/contracts';
import {
  calendarsOf,
  compileRuleset,
  defaultRuleset,
  shippedCalendars,
  type Calendars,
} from '@mingjing/rules';
import type { Clock } from './clock.ts';
import type { Running } from './lifecycle.ts';
import { currentCalendarBook } from './store/calendars/currentCalendarBook.ts';
import type { Queryable } from './store/database.ts';
import { currentRuleset } from './store/ruleset/currentRuleset.ts';
import { publishDefaultRuleset } from './store/ruleset/publishDefaultRuleset.ts';

const LOOK_EVERY_MS = 10_000;

/** What the engine judges by. */
export interface Rules {
  /** The ruleset in force. */
  ruleset(): Ruleset;
  /** The working calendars in force. */
  calendars(): Calendars;
}

/** The rules in force, kept up to date while the centre runs. */
export interface Rulebook extends Rules, Running {
  /** Reads both anew at once; called after an administrator's change. */
  reload(): Promise<void>;
}

/**
 * Loads the ruleset and the calendars in force. A database that has no ruleset, or one that only an earlier
 * version of the program has put there, gets the default one. A newer version takes effect within seconds;
 * one that is wrong is refused and the one before stays.
 */
export async function openRulebook(
  db: Queryable,
  now: Clock,
  onError: (error: unknown) => void,
): Promise<Rulebook> {
  let ruleset = await publishDefaultRuleset(db, defaultRuleset, now());
  let calendars = shippedCalendars;
  compileRuleset(ruleset);
  const reload = async () => {
    const found = await currentRuleset(db, now());
    if (found && found.version !== ruleset.version) {
      compileRuleset(found);
      ruleset = found;
    }
    const book = await currentCalendarBook(db);
    if (book && book.version !== calendars.version) calendars = calendarsOf(book);
  };
  await reload();
  const timer = setInterval(() => void reload().catch(onError), LOOK_EVERY_MS);
  return {
    ruleset: () => ruleset,
    calendars: () => calendars,
    reload,
    stop: () => clearInterval(timer),
  };
}
