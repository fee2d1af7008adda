import {
  parseInstant,
  type PublishedRuleset,
  type Ruleset,
  type RulesetDraft,
  type RulesetVersion,
} from '@mingjing/contracts';
import { compileRuleset } from '@mingjing/rules';
import { appendAudit } from '../audit/appendAudit.ts';
import { wrong } from '../http/place.ts';
import { ProblemError } from '../http/problems.ts';
import type { Client, Queryable } from '../store/database.ts';
import { listRegions } from '../store/lookups/listRegions.ts';
import { getRuleset, listRulesets, type StoredVersion } from '../store/ruleset/listRulesets.ts';
import { publishRuleset } from '../store/ruleset/publishRuleset.ts';
import { enactRuleset } from './enact.ts';
import { shownVersion, type Office } from './office.ts';
import { merged, shownRuleset, type RulesetBody } from './rulesetScope.ts';

/** Every version of the ruleset, the latest first. */
export async function rulesetVersions(db: Queryable, office: Office): Promise<RulesetVersion[]> {
  return (await listRulesets(db, office.at)).map((version) => shownVersion(office, version));
}

function shown(office: Office, { body, ...version }: StoredVersion & { body: Ruleset }): PublishedRuleset {
  return { ...shownVersion(office, version), body: shownRuleset(office, body) };
}

/** One version as the office may read it. @throws ProblemError not-found */
export async function readRuleset(db: Queryable, office: Office, version: number): Promise<PublishedRuleset> {
  const found = await getRuleset(db, version, office.at);
  if (!found) throw new ProblemError('not-found', `there is no version ${version} of the ruleset`);
  return shown(office, found);
}

/** @throws ProblemError invalid, naming the field of the draft and what was expected there */
function checkRules(ruleset: Ruleset): void {
  try {
    compileRuleset(ruleset);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const [, field = '', message = error.message] = /^([\w.-]+):? (.*)$/s.exec(error.message) ?? [];
    throw wrong(field === '' ? 'body' : `body.${field}`, message);
  }
}

/** @throws ProblemError invalid, naming the first place that names a region nobody knows */
async function checkRegions(db: Queryable, body: Ruleset): Promise<void> {
  const known = new Set((await listRegions(db, '')).map(({ code }) => code));
  const named: [string, string | undefined][] = [
    ...body.assignments.map(({ region }, index): [string, string | undefined] => [
      `assignments.${index}`,
      region,
    ]),
    ...Object.entries(body.rules).flatMap(([id, { regions = [] }]) =>
      regions.map(({ region }, index): [string, string] => [`rules.${id}.regions.${index}`, region]),
    ),
  ];
  for (const [place, region] of named)
    if (region !== undefined && !known.has(region))
      throw wrong(`body.${place}.region`, `there is no region ${region}`);
}

function unnumbered({ version: _, ...body }: Ruleset): RulesetBody {
  return body;
}

/**
 * Checks a draft without publishing it.
 * @returns the ruleset that it would make
 * @throws ProblemError conflict when it was not made from the latest version; forbidden naming what is not the
 *   office's to change; invalid naming the field
 */
export async function checkRuleset(db: Queryable, office: Office, draft: RulesetDraft): Promise<Ruleset> {
  const [latest] = await listRulesets(db, office.at);
  const version = latest?.version ?? 0;
  if (draft.base !== version) {
    throw new ProblemError('conflict', `base: made from version ${draft.base}, but the latest is ${version}`);
  }
  const before = await getRuleset(db, version, office.at);
  const body = before ? merged(office, unnumbered(before.body), draft.body) : draft.body;
  const ruleset = { ...body, version: version + 1 };
  checkRules(ruleset);
  await checkRegions(db, ruleset);
  const from = draft.effectiveFrom === undefined ? office.at : parseInstant(draft.effectiveFrom);
  if (!office.whole && latest && from < latest.effectiveFrom) {
    const message = `version ${version}, from which it is made, takes effect only later`;
    throw wrong('effectiveFrom', message);
  }
  return ruleset;
}

/**
 * Publishes a version of the ruleset, inside a transaction of the caller. At once, or when its time comes,
 * open cases are judged by it; a date that is over means at once.
 * @throws ProblemError as checkRuleset
 */
export async function publish(
  client: Client,
  office: Office,
  draft: RulesetDraft,
): Promise<PublishedRuleset> {
  const ruleset = await checkRuleset(client, office, draft);
  const { at, actor, region } = office;
  const { version } = ruleset;
  const from = draft.effectiveFrom === undefined ? at : Math.max(at, parseInstant(draft.effectiveFrom));
  const publication = { from, at, by: actor, region: office.whole ? null : region, note: draft.note };
  if (!(await publishRuleset(client, ruleset, publication)))
    throw new ProblemError('conflict', `base: version ${version} was published meanwhile`);
  if (from <= at) await enactRuleset(client, version, at);
  const answer = await readRuleset(client, office, version);
  await appendAudit(client, {
    ...{ at, actor, region, action: 'ruleset.published', object: String(version) },
    detail: { base: draft.base, note: draft.note, effectiveFrom: from },
  });
  return answer;
}
