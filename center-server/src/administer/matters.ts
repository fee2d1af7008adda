import { matterSchema, type Matter, type MatterChange } from '@mingjing/contracts';
import { appendAudit } from '../audit/appendAudit.ts';
import { wrong } from '../http/place.ts';
import { ProblemError } from '../http/problems.ts';
import type { Client } from '../store/database.ts';
import { getMatter } from '../store/lookups/getMatter.ts';
import { insertMatter } from '../store/lookups/insertMatter.ts';
import { putMatters } from '../store/plan/putMatters.ts';
import { takeEffect } from './enact.ts';
import type { Office } from './office.ts';

/** @throws ProblemError forbidden */
function checkWhole({ whole, region }: Office): void {
  if (whole) return;
  const message = `matters hold everywhere, also outside ${region}: only an administrator of the whole centre may change them`;
  throw new ProblemError('forbidden', message);
}

/** @throws ProblemError invalid, naming the field */
function checkMatter(matter: Matter): void {
  const doubled = matter.stages.find((stage, index) => matter.stages.indexOf(stage) !== index);
  if (doubled !== undefined) throw wrong('stages', `"${doubled}" stands twice`);
  for (const stage of Object.keys(matter.stageLimits ?? {})) {
    if (!matter.stages.includes(stage))
      throw wrong(`stageLimits.${stage}`, `is no stage: expected one of: ${matter.stages.join(', ')}`);
  }
  const limits = { legal: matter.legal, promised: matter.promised, delivery: matter.delivery };
  for (const [field, budget] of Object.entries(limits)) {
    if (budget && 'until' in budget)
      throw wrong(field, 'expected a time, not a date: it holds for every case');
  }
}

/**
 * Adds a matter, inside a transaction of the caller.
 * @throws ProblemError conflict when its id is taken; forbidden; invalid naming the field
 */
export async function addMatter(client: Client, office: Office, matter: Matter): Promise<Matter> {
  checkWhole(office);
  checkMatter(matter);
  if (!(await insertMatter(client, matter)))
    throw new ProblemError('conflict', `there is a matter "${matter.id}"`);
  const { at, actor, region } = office;
  // Cases may have named it before anybody described it.
  await takeEffect(client, { matter: matter.id }, at);
  await appendAudit(client, {
    at,
    actor,
    region,
    action: 'matter.added',
    object: matter.id,
    detail: { ...matter },
  });
  return matter;
}

/**
 * Changes a matter, inside a transaction of the caller; its cases that run are judged anew.
 * @throws ProblemError not-found; forbidden; invalid naming the field
 */
export async function changeMatter(
  client: Client,
  office: Office,
  id: string,
  change: MatterChange,
): Promise<Matter> {
  checkWhole(office);
  const before = await getMatter(client, id);
  if (!before) throw new ProblemError('not-found', `there is no matter "${id}"`);
  const given = Object.entries({ ...before, ...change }).filter(([, value]) => value !== null);
  const matter = matterSchema.parse(Object.fromEntries(given));
  checkMatter(matter);
  await putMatters(client, [matter]);
  const { at, actor, region } = office;
  await takeEffect(client, { matter: id }, at);
  const detail = {
    before: Object.fromEntries(Object.keys(change).map((key) => [key, before[key as keyof Matter] ?? null])),
    after: change,
  };
  await appendAudit(client, { at, actor, region, action: 'matter.changed', object: id, detail });
  return matter;
}
