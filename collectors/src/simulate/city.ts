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
export class CityError extends Error {
  override name = 'CityError';
}

function duplicates(what: string, ids: string[]): string[] {
  return ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `${what} "${id}" is there twice`);
}

function missing(
  what: string,
  field: string,
  wanted: [string, string | null][],
  known: Set<string>,
): string[] {
  return wanted
    .filter(([, target]) => target !== null && !known.has(target))
    .map(([id, target]) => `${what} "${id}": ${field} "${target ?? ''}" is not in the file`);
}

/** Everything in a plan that refers to something that is not there, in words; empty when it holds together. */
export function problemsOf(plan: CityPlan): string[] {
  const regions = new Set(plan.regions.map((region) => region.code));
  const departments = new Set(plan.departments.map((department) => department.id));
  const halls = new Set(plan.halls.map((hall) => hall.id));
  const counters = new Set(plan.counters.map((counter) => counter.id));
  const kinds = new Set(plan.departments.map((department) => department.kind));
  const of = <T>(list: T[], id: (item: T) => string, target: (item: T) => string | null) =>
    list.map((item): [string, string | null] => [id(item), target(item)]);
  const seen = [...plan.cameras, ...plan.screens];
  return [
    ...duplicates(
      'region',
      plan.regions.map((region) => region.code),
    ),
    ...duplicates(
      'department',
      plan.departments.map((item) => item.id),
    ),
    ...duplicates(
      'hall',
      plan.halls.map((item) => item.id),
    ),
    ...duplicates(
      'counter',
      plan.counters.map((item) => item.id),
    ),
    ...duplicates(
      'officer',
      plan.officers.map((item) => item.id),
    ),
    ...duplicates(
      'matter',
      plan.matters.map((item) => item.id),
    ),
    ...duplicates(
      'camera or screen',
      seen.map((item) => item.id),
    ),
    ...duplicates(
      'user',
      plan.users.map((item) => item.username),
    ),
    ...duplicates(
      'source',
      plan.sources.map((item) => item.id),
    ),
    ...missing(
      'region',
      'parent',
      of(
        plan.regions,
        (r) => r.code,
        (r) => r.parent,
      ),
      regions,
    ),
    ...missing(
      'department',
      'region',
      of(
        plan.departments,
        (d) => d.id,
        (d) => d.region,
      ),
      regions,
    ),
    ...missing(
      'hall',
      'region',
      of(
        plan.halls,
        (h) => h.id,
        (h) => h.region,
      ),
      regions,
    ),
    ...missing(
      'counter',
      'hall',
      of(
        plan.counters,
        (c) => c.id,
        (c) => c.hall,
      ),
      halls,
    ),
    ...missing(
      'counter',
      'department',
      of(
        plan.counters,
        (c) => c.id,
        (c) => c.department,
      ),
      departments,
    ),
    ...missing(
      'officer',
      'department',
      of(
        plan.officers,
        (o) => o.id,
        (o) => o.department,
      ),
      departments,
    ),
    ...missing(
      'matter',
      'departmentKind',
      of(
        plan.matters,
        (m) => m.id,
        (m) => m.departmentKind,
      ),
      kinds,
    ),
    ...missing(
      'camera or screen',
      'region',
      of(
        seen,
        (s) => s.id,
        (s) => s.region,
      ),
      regions,
    ),
    ...missing(
      'camera or screen',
      'hall',
      of(
        seen,
        (s) => s.id,
        (s) => s.hall,
      ),
      halls,
    ),
    ...missing(
      'camera or screen',
      'counter',
      of(
        seen,
        (s) => s.id,
        (s) => s.counter,
      ),
      counters,
    ),
    ...missing(
      'user',
      'region',
      of(
        plan.users,
        (u) => u.username,
        (u) => u.region,
      ),
      regions,
    ),
    ...missing(
      'source',
      'region',
      of(
        plan.sources,
        (s) => s.id,
        (s) => s.region,
      ),
      regions,
    ),
  ];
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
