import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import {
  cityPlanSchema,
  inScope,
  type CityPlan,
  type Counter,
  type Department,
  type Matter,
  type Officer,
  type Region,
} from '@mingjing/contracts';
import { problemsOf } from './references.ts';

/** A counter with everything that a case handled at it needs. */
export interface Desk {
  counter: Counter;
  region: Region;
  department: Department;
  officers: Officer[];
  matters: Matter[];
  /** The source system that reports what happens here. */
  source: string;
  /** A camera or a screen looks at it. */
  watched: boolean;
}

/** A city plan, ready to be played. */
export interface City {
  plan: CityPlan;
  root: Region;
  desks: Desk[];
  /** Sources that the simulator posts as; the first is the city's own. */
  sources: { id: string; region: string }[];
}

/** 即办件: promised while the applicant waits. */
export function isInstant(matter: Matter): boolean {
  return 'workingHours' in matter.promised;
}

/** A city file that cannot be played; the message names the file, what is wrong and what was expected. */
class CityError extends Error {
  override name = 'CityError';
}

/** The simulated source whose region lies closest around a region. */
function sourceFor(plan: CityPlan, region: string): string {
  const around = plan.sources
    .filter((source) => source.kind === 'simulator' && inScope(source.region, region))
    .sort((a, b) => depth(b.region) - depth(a.region));
  const source = around[0];
  if (!source) throw new CityError(`no source of kind "simulator" covers region ${region}`);
  return source.id;
}

function depth(code: string): number {
  return code.endsWith('00') && code.length === 6 ? 4 : code.length;
}

/**
 * Joins a plan's parts into desks. A desk needs a department with officers and matters of its kind.
 * @throws CityError naming what does not fit
 */
export function indexCity(plan: CityPlan): City {
  const problem = problemsOf(plan)[0];
  if (problem) throw new CityError(problem);
  const halls = new Map(plan.halls.map((hall) => [hall.id, hall]));
  const regions = new Map(plan.regions.map((region) => [region.code, region]));
  const departments = new Map(plan.departments.map((department) => [department.id, department]));
  const watched = new Set([...plan.cameras, ...plan.screens].map((item) => item.counter));
  const desks = plan.counters.flatMap((counter): Desk[] => {
    const department = departments.get(counter.department);
    const region = regions.get(halls.get(counter.hall)?.region ?? '');
    if (!department || !region) return [];
    const officers = plan.officers.filter((officer) => officer.department === department.id);
    const matters = plan.matters.filter((matter) => matter.departmentKind === department.kind);
    if (officers.length < 2)
      throw new CityError(`department "${department.id}": expected at least 2 officers`);
    if (matters.length === 0)
      throw new CityError(`department "${department.id}": no matter of kind "${department.kind}"`);
    const source = sourceFor(plan, region.code);
    return [{ counter, region, department, officers, matters, source, watched: watched.has(counter.id) }];
  });
  const root = plan.regions.find((region) => region.parent === null);
  if (!root || desks.length === 0)
    throw new CityError('expected a region without a parent, and at least one counter');
  const sources = plan.sources
    .filter((source) => source.kind === 'simulator')
    .map(({ id, region }) => ({ id, region }))
    .sort((a, b) => depth(a.region) - depth(b.region));
  return { plan, root, desks, sources };
}

/**
 * Reads a city file.
 * @param file YAML as cityPlanSchema describes it
 * @throws CityError naming the file, the field and what was expected
 */
export async function loadCity(file: string): Promise<City> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CityError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  });
  try {
    const parsed = cityPlanSchema.safeParse(parse(text));
    if (parsed.success) return indexCity(parsed.data);
    const issue = parsed.error.issues[0];
    throw new CityError(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
  } catch (error) {
    throw new CityError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
