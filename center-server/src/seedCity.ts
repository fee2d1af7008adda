import type { CityPlan } from '@mingjing/contracts';
import { appendAudit } from './audit/appendAudit.ts';
import { addUser, type Actor } from './auth/accounts.ts';
import { addSource } from './auth/sourceTokens.ts';
import { seedWalls, type SeededWalls } from './seedWalls.ts';
import type { Client } from './store/database.ts';
import { putCameras } from './store/plan/putCameras.ts';
import { putCounters } from './store/plan/putCounters.ts';
import { putDepartments } from './store/plan/putDepartments.ts';
import { putHalls } from './store/plan/putHalls.ts';
import { putMatters } from './store/plan/putMatters.ts';
import { putOfficers } from './store/plan/putOfficers.ts';
import { putRegions } from './store/plan/putRegions.ts';
import { putScreens } from './store/plan/putScreens.ts';
import { getSource } from './store/sources/getSource.ts';
import { findUser } from './store/users/findUser.ts';

async function putPlaces(client: Client, plan: CityPlan): Promise<void> {
  await putRegions(client, plan.regions);
  await putDepartments(client, plan.departments);
  await putHalls(client, plan.halls);
  await putCounters(client, plan.counters);
  await putOfficers(client, plan.officers);
  await putMatters(client, plan.matters);
  await putCameras(client, plan.cameras);
  await putScreens(client, plan.screens);
}

async function addSources(client: Client, by: Actor, plan: CityPlan): Promise<Record<string, string>> {
  const tokens: Record<string, string> = {};
  for (const source of plan.sources) {
    if (await getSource(client, source.id)) continue;
    tokens[source.id] = (await addSource(client, by, source)).token;
  }
  return tokens;
}

async function addDemoUsers(client: Client, by: Actor, plan: CityPlan, password: string): Promise<string[]> {
  const added: string[] = [];
  for (const user of plan.users) {
    if (await findUser(client, user.username)) continue;
    await addUser(client, by, { ...user, password }, true);
    added.push(user.username);
  }
  return added;
}

/**
 * Brings a city plan into the centre, inside a transaction of the caller. Running it again changes what
 * the plan changed and adds what is new; tokens and passwords that are there stay, and so do layouts, patrols and
 * walls, which are people's once they were brought in.
 * @param password of the plan's users; without it none is added
 * @returns the tokens of new sources by id, the names of new users, and what came of the walls
 */
export async function seedCity(
  client: Client,
  by: Actor,
  plan: CityPlan,
  password: string | undefined,
): Promise<{ tokens: Record<string, string>; users: string[]; walls: SeededWalls }> {
  await putPlaces(client, plan);
  const tokens = await addSources(client, by, plan);
  const users = password === undefined ? [] : await addDemoUsers(client, by, plan, password);
  const walls = await seedWalls(client, by, plan);
  const region = plan.regions.find((candidate) => candidate.parent === null)?.code ?? null;
  await appendAudit(client, { ...by, region, action: 'city.seeded', object: plan.name });
  return { tokens, users, walls };
}
