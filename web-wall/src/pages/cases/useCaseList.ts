import type { CaseSummary } from '@mingjing/contracts';
import { computed, ref, watch } from 'vue';
import type { ComputedRef } from 'vue';
import { call } from '../../api/client.ts';
import type { Query } from '../../api/routes.ts';
import { useFormat } from '../../app/useFormat.ts';
import { useNow } from '../../app/useNow.ts';
import { usePages } from '../../app/usePages.ts';
import type { Pages } from '../../app/usePages.ts';
import { useRouteFilters } from '../../app/useRouteFilters.ts';
import { useScope } from '../../app/useScope.ts';
import { localDateOf } from '../../format/instants.ts';
import { useWall } from '../../stores/wall.ts';
import { filtersOf } from './filters.ts';
import type { CaseFilters } from './filters.ts';

const PAGE = 100;

interface CaseList extends Pages<CaseSummary, string> {
  filters: ComputedRef<CaseFilters>;
  /** How many cases have moved in the scope since the list was read. */
  moved: ComputedRef<number>;
}

/** The case list of the address's filters. It is not reordered under the reader: it counts what has moved since. */
export function useCaseList(): CaseList {
  const wall = useWall();
  const now = useNow();
  const format = useFormat();
  const { region } = useScope();
  const { list } = useRouteFilters();
  const filters = computed(() => filtersOf(list));
  const query = computed<Query>(() => ({ ...filters.value, region: region.value?.code, limit: PAGE }));
  /** The newest tick that the list knows of. */
  const readAt = ref(wall.snapshot?.recent[0]?.at ?? null);
  const pages = usePages<CaseSummary, string>(
    () => JSON.stringify(query.value),
    async (after, signal) => {
      const newest = wall.snapshot?.recent[0]?.at ?? null;
      const page = await call('GET /api/cases', { query: { ...query.value, after }, signal });
      if (after === null) readAt.value = newest;
      return { items: page.cases, next: page.next, total: page.total };
    },
  );
  // Clocks are counted by the centre as it is asked: with a new day they stand elsewhere.
  watch(
    () => localDateOf(now.value, format.zone.value),
    () => void pages.reload(),
  );
  watch(
    () => wall.snapshot?.scope.code,
    () => (readAt.value = wall.snapshot?.recent[0]?.at ?? null),
  );
  const moved = computed(() => {
    const since = readAt.value;
    if (since === null) return 0;
    const later = wall.snapshot?.recent.filter(({ at }) => at > since) ?? [];
    return new Set(later.map(({ caseId }) => caseId)).size;
  });
  return { ...pages, filters, moved };
}
