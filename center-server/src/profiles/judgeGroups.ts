import type { Matter, Millis, Sentence } from '@mingjing/contracts';
import {
  evaluate,
  groupId,
  type EngineChange,
  type GroupInput,
  type GroupProfile,
  type Profiles,
} from '@mingjing/rules';
import type { Directory } from '../directory.ts';
import { applyChanges } from '../pipeline/applyChanges.ts';
import { CURSOR } from '../pipeline/cursorName.ts';
import { noEffects, type Effects } from '../pipeline/effects.ts';
import type { Rules } from '../rulebook.ts';
import { standingOfGroups } from '../store/alerts/standingOfGroups.ts';
import { inTransaction, type Pool } from '../store/database.ts';
import { officerNames } from '../store/lookups/officerNames.ts';
import { lockCursor } from '../store/pipeline/cursor.ts';

export interface JudgeDeps {
  pool: Pool;
  directory: Directory;
  rules: Rules;
  /** Ms since the epoch. */
  now: () => number;
}

function mattersOf(profiles: Profiles, directory: Directory): Map<string, Matter> {
  const ids = new Set(profiles.groups.flatMap(({ steps }) => steps.map(({ matter }) => matter)));
  return new Map(
    [...ids].flatMap((id) => {
      const matter = directory.matter(id);
      return matter ? [[id, matter] as const] : [];
    }),
  );
}

const NOTHING_LEARNED: Sentence = {
  zh: '近一年已无可供比较的办结办件。',
  en: 'Nothing it handled was closed within the last year: there is nothing to compare.',
};

/** Takes back what stands on officers and departments of which nothing is known any more. */
function gone(profiles: Profiles, standing: readonly string[], at: Millis): EngineChange[] {
  const known = profiles.groups.map((group) => `|${groupId(group)}|`);
  return standing
    .filter((fingerprint) => !known.some((id) => `${fingerprint}|`.includes(id)))
    .map((fingerprint) => ({ type: 'alert.rescinded', fingerprint, at, reason: NOTHING_LEARNED }));
}

/**
 * Looks at every officer and department that something was learned of, in one transaction under the lock of the
 * pipeline: two centres on one database raise nothing twice.
 */
export async function judgeGroups(
  { pool, directory, rules, now }: JudgeDeps,
  profiles: Profiles,
): Promise<Effects> {
  const matters = mattersOf(profiles, directory);
  const officers = profiles.groups.filter(({ kind }) => kind === 'officer').map(({ id }) => id);
  return inTransaction(pool, async (client) => {
    await lockCursor(client, CURSOR);
    const [standing, at] = [await standingOfGroups(client), now()];
    const names = await officerNames(client, officers);
    const nameOf = ({ kind, id }: GroupProfile): GroupInput['name'] => {
      if (kind === 'officer') return { zh: names.get(id) ?? id, en: names.get(id) ?? id };
      const department = directory.department(id);
      return department ? { zh: department.name, en: department.nameEn } : { zh: id, en: id };
    };
    const ruleset = rules.ruleset();
    const changes = profiles.groups.flatMap((group) => {
      const name = nameOf(group);
      return evaluate(
        { type: 'group', at, group, profiles, matters, standing, ...(name && { name }) },
        ruleset,
      );
    });
    const alerts = await applyChanges(client, [...gone(profiles, standing, at), ...changes], at);
    return { ...noEffects(), alerts, figures: alerts.length > 0 };
  });
}
