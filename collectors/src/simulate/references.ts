import type { CityPlan } from '@mingjing/contracts';

/** One list of a plan: its items' names, and what each field of theirs refers to. */
interface Part {
  what: string;
  ids: string[];
  refers: { field: string; to: Set<string>; targets: (string | null)[] }[];
}

function partsOf(plan: CityPlan): Part[] {
  const regions = new Set(plan.regions.map((region) => region.code));
  const departments = new Set(plan.departments.map((department) => department.id));
  const kinds = new Set(plan.departments.map((department) => department.kind));
  const halls = new Set(plan.halls.map((hall) => hall.id));
  const counters = new Set(plan.counters.map((counter) => counter.id));
  const part = <T extends { id: string }>(
    what: string,
    items: T[],
    ...refers: [string, Set<string>, (item: T) => string | null][]
  ): Part => ({
    what,
    ids: items.map((item) => item.id),
    refers: refers.map(([field, to, target]) => ({ field, to, targets: items.map(target) })),
  });
  const regionItems = plan.regions.map((region) => ({ ...region, id: region.code }));
  const users = plan.users.map((user) => ({ ...user, id: user.username }));
  const watching = [...plan.cameras, ...plan.screens];
  return [
    part('region', regionItems, ['parent', regions, (region) => region.parent]),
    part('department', plan.departments, ['region', regions, (department) => department.region]),
    part('hall', plan.halls, ['region', regions, (hall) => hall.region]),
    part(
      'counter',
      plan.counters,
      ['hall', halls, (counter) => counter.hall],
      ['department', departments, (counter) => counter.department],
    ),
    part('officer', plan.officers, ['department', departments, (officer) => officer.department]),
    part('matter', plan.matters, ['departmentKind', kinds, (matter) => matter.departmentKind]),
    part(
      'camera or screen',
      watching,
      ['region', regions, (item) => item.region],
      ['hall', halls, (item) => item.hall],
      ['counter', counters, (item) => item.counter],
    ),
    part('user', users, ['region', regions, (user) => user.region]),
    part('source', plan.sources, ['region', regions, (source) => source.region]),
  ];
}

/** Everything in a plan that is there twice or refers to something that is not there; empty when it holds together. */
export function problemsOf(plan: CityPlan): string[] {
  return partsOf(plan).flatMap(({ what, ids, refers }) => [
    ...ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `${what} "${id}" is there twice`),
    ...refers.flatMap(({ field, to, targets }) =>
      targets.flatMap((target, at) =>
        target === null || to.has(target)
          ? []
          : [`${what} "${ids[at] ?? ''}": ${field} "${target}" is not in the file`],
      ),
    ),
  ]);
}
