import type { Millis, Region } from '@mingjing/contracts';
import {
  defaultRouting,
  kindRouting,
  restsOn,
  worseCards,
  type Inhibitor,
  type Situation,
} from '@mingjing/rules';
import type { Directory } from '../directory.ts';
import type { Rules } from '../rulebook.ts';
import type { Queryable } from '../store/database.ts';
import { readGroupStarts } from '../store/routing/readGroupStarts.ts';
import { readInhibitors } from '../store/routing/readInhibitors.ts';
import { readPeople } from '../store/routing/readPeople.ts';
import { readRouted, type RoutedRow } from '../store/routing/readRouted.ts';
import { readSilences } from '../store/silences/readSilences.ts';

/** What the routing of alerts stands on besides the store. */
export interface Surroundings {
  directory: Pick<Directory, 'region' | 'hall' | 'department'>;
  rules: Rules;
}

/** An alert and everything its routing is decided by. */
export interface Routed {
  row: RoutedRow;
  situation: Situation;
}

/** A region and those above it, the lowest first. */
export function regionChain(directory: Pick<Directory, 'region'>, code: string): Region[] {
  const chain: Region[] = [];
  let region = directory.region(code);
  while (region && !chain.includes(region)) {
    chain.push(region);
    region = region.parent === null ? undefined : directory.region(region.parent);
  }
  return chain;
}

/** By the alert's id, those that may speak for it. */
function inhibitorsOf(row: RoutedRow, all: Inhibitor[]): Inhibitor[] {
  const worse = worseCards(row);
  const sources = restsOn(row);
  return all.filter(
    (one) => worse.includes(one.fingerprint) || (one.source !== null && sources.includes(one.source)),
  );
}

/**
 * Reads everything that decides the routing of some alerts, in bulk.
 * @param silencesSince also the silences that held then (ms since the epoch); without it those that hold now
 */
export async function readSituations(
  db: Queryable,
  { directory, rules }: Surroundings,
  ids: number[],
  silencesSince: Millis | null = null,
): Promise<Routed[]> {
  const rows = await readRouted(db, ids);
  const policy = rules.ruleset().routing ?? defaultRouting;
  const placed = rows.map((row) => ({
    row,
    policy: kindRouting(policy, row.kind, row.region),
    chain: regionChain(directory, row.region),
  }));
  const sources = rows.flatMap(restsOn);
  const inhibitors = await readInhibitors(db, rows.flatMap(worseCards), [...new Set(sources)]);
  const silences = await readSilences(db, silencesSince);
  const groups = placed.map((one) => ({ id: one.row.id, groupSeconds: one.policy?.groupSeconds ?? 0 }));
  const since = await readGroupStarts(db, groups);
  const codes = placed.flatMap(({ chain }) => chain.map(({ code }) => code));
  const people = await readPeople(db, [...new Set(codes)]);
  return placed.map(({ row, policy: own, chain }) => {
    const hours = directory.hall(row.hall)?.hours;
    const situation: Situation = {
      alert: row,
      history: row.history,
      told: row.told,
      groupSince: since.get(row.id) ?? row.raisedAt,
      inhibitors: inhibitorsOf(row, inhibitors),
      silences,
      chain,
      people: people.filter((one) => chain.some(({ code }) => code === one.region)),
      policy: own,
      calendars: rules.calendars(),
      ...(hours && { hours }),
    };
    return { row, situation };
  });
}
