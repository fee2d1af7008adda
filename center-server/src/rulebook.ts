import type { Ruleset } from '@mingjing/contracts';
import {
  calendarsOf,
  compileRuleset,
  defaultRuleset,
  shippedCalendars,
  type Calendars,
  type Profiles,
} from '@mingjing/rules';
import { enactRuleset } from './administer/enact.ts';
import type { Clock } from './clock.ts';
import type { Running } from './lifecycle.ts';
import { currentCalendarBook } from './store/calendars/currentCalendarBook.ts';
import { inTransaction, type Pool } from './store/database.ts';
import { currentProfiles } from './store/profiles/currentProfiles.ts';
import { currentRuleset } from './store/ruleset/currentRuleset.ts';
import { publishDefaultRuleset } from './store/ruleset/publishDefaultRuleset.ts';

const LOOK_EVERY_MS = 10_000;

/** What the engine judges by. */
export interface Rules {
  /** The ruleset in force. */
  ruleset(): Ruleset;
  /** The working calendars in force. */
  calendars(): Calendars;
  /** What was learned from closed cases; null before the first time, absent where nothing is learned. */
  profiles?(): Profiles | null;
  /** Reads them anew at once; not there where they never change. */
  reload?(): Promise<void>;
}

/** The rules in force, kept up to date while the centre runs. */
export interface Rulebook extends Rules, Running {
  reload(): Promise<void>;
  /** Reads both, and lets a version take effect whose time has come; done every few seconds. */
  look(): Promise<void>;
}

/**
 * Loads the ruleset, the calendars in force and what was learned from closed cases. A database that has no
 * ruleset, or one that only an earlier
 * version of the program has put there, gets the default one. A version that was to take effect later does
 * so within seconds of its time, and open cases are judged by it; one that is wrong is refused and the one
 * before stays.
 */
export async function openRulebook(
  db: Pool,
  now: Clock,
  onError: (error: unknown) => void,
): Promise<Rulebook> {
  await publishDefaultRuleset(db, defaultRuleset, now());
  let ruleset: Ruleset | undefined;
  let calendars = shippedCalendars;
  let profiles: Profiles | null = null;
  /** @returns the version whose time has come without anybody having said so yet */
  const read = async (): Promise<number | null> => {
    const found = await currentRuleset(db, now());
    if (found && found.ruleset.version !== ruleset?.version) {
      compileRuleset(found.ruleset);
      ruleset = found.ruleset;
    }
    const book = await currentCalendarBook(db);
    if (book && book.version !== calendars.version) calendars = calendarsOf(book);
    profiles = (await currentProfiles(db, profiles?.version))?.profiles ?? profiles;
    return found && !found.enacted ? found.ruleset.version : null;
  };
  const look = async () => {
    const due = await read();
    if (due !== null) await inTransaction(db, (client) => enactRuleset(client, due, now()));
  };
  await look();
  const timer = setInterval(() => void look().catch(onError), LOOK_EVERY_MS);
  return {
    ruleset: () => ruleset ?? defaultRuleset,
    calendars: () => calendars,
    profiles: () => profiles,
    look,
    // Not `look`: the pipeline calls this under its own lock, which taking effect needs as well.
    reload: () => read().then(() => undefined),
    stop: () => clearInterval(timer),
  };
}
