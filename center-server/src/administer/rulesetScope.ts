import type { LadderAssignment, Ruleset, RuleSettings } from '@mingjing/contracts';
import { isDeepStrictEqual } from 'node:util';
import { ProblemError } from '../http/problems.ts';
import { concerns, isOwn, type Office } from './office.ts';

export type RulesetBody = Omit<Ruleset, 'version'>;

/** Picks what a ruleset says of some regions only, and everything that it says of none. */
function keepRegions<B extends RulesetBody>(body: B, keep: (region: string | undefined) => boolean): B {
  const rules = Object.entries(body.rules).map(([id, settings]): [string, RuleSettings] => {
    if (!settings.regions) return [id, settings];
    return [id, { ...settings, regions: settings.regions.filter(({ region }) => keep(region)) }];
  });
  const assignments = body.assignments.filter(({ region }) => keep(region));
  return { ...body, assignments, rules: Object.fromEntries(rules) };
}

/** A ruleset as an office may read it: without what other counties have set for themselves. */
export function shownRuleset<B extends RulesetBody>(office: Office, body: B): B {
  return office.whole ? body : keepRegions(body, (region) => concerns(office, region));
}

/** Empty lists of regions are the same as none. */
function settled(settings: RuleSettings | undefined): unknown {
  if (!settings) return undefined;
  const { regions = [], ...rest } = settings;
  return { ...rest, regions };
}

function refuse(office: Office, field: string): never {
  throw new ProblemError(
    'forbidden',
    `${field} holds outside ${office.region}: only an administrator of the whole centre may change it`,
    { errors: [{ field, message: `holds outside ${office.region}` }] },
  );
}

/** @throws ProblemError forbidden, naming the first thing that is not the office's own and was changed */
function checkForeign(office: Office, before: RulesetBody, after: RulesetBody): void {
  const { assignments: oldOnes, rules: oldRules, ...oldRest } = before;
  const { assignments, rules, ...rest } = after;
  const parts: Record<string, unknown> = rest;
  for (const [field, old] of Object.entries({
    ...Object.fromEntries(Object.keys(parts).map((key) => [key, undefined])),
    ...oldRest,
  })) {
    if (!isDeepStrictEqual(old, parts[field])) refuse(office, `body.${field}`);
  }
  assignments.forEach((one: LadderAssignment, index) => {
    if (!isDeepStrictEqual(one, oldOnes[index])) refuse(office, `body.assignments (${one.ladder})`);
  });
  if (oldOnes.length > assignments.length) refuse(office, 'body.assignments');
  for (const id of new Set([...Object.keys(oldRules), ...Object.keys(rules)])) {
    if (!isDeepStrictEqual(settled(oldRules[id]), settled(rules[id]))) refuse(office, `body.rules.${id}`);
  }
}

/**
 * What a draft makes of the version it was made from. A county's draft was made from what a county is shown:
 * its own parts are taken from it, all others stay as they are.
 * @throws ProblemError forbidden, naming what the office may not change
 */
export function merged(office: Office, before: RulesetBody, draft: RulesetBody): RulesetBody {
  if (office.whole) return draft;
  const own = (region: string | undefined): boolean => isOwn(office, region);
  const foreign = (region: string | undefined): boolean => !own(region);
  checkForeign(office, keepRegions(shownRuleset(office, before), foreign), keepRegions(draft, foreign));
  const rules = Object.entries(before.rules).map(([id, settings]): [string, RuleSettings] => {
    const theirs = (settings.regions ?? []).filter(({ region }) => foreign(region));
    const ours = (draft.rules[id]?.regions ?? []).filter(({ region }) => own(region));
    const { regions: _, ...rest } = settings;
    return [id, theirs.length + ours.length === 0 ? rest : { ...rest, regions: [...theirs, ...ours] }];
  });
  return {
    ...before,
    assignments: [
      ...before.assignments.filter(({ region }) => foreign(region)),
      ...draft.assignments.filter(({ region }) => own(region)),
    ],
    rules: Object.fromEntries(rules),
  };
}
