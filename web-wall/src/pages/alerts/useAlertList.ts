import type { Alert } from '@mingjing/contracts';
import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import type { ComputedRef, ShallowRef } from 'vue';
import { call } from '../../api/client.ts';
import type { Query } from '../../api/routes.ts';
import { useDepartments } from '../../app/useDepartments.ts';
import { usePages } from '../../app/usePages.ts';
import type { Pages } from '../../app/usePages.ts';
import { useRouteFilters } from '../../app/useRouteFilters.ts';
import { useScope } from '../../app/useScope.ts';
import { useWall } from '../../stores/wall.ts';
import { admits, filtersOf, withAlert } from './filters.ts';
import type { AlertFilters } from './filters.ts';

const PAGE = 100;

export interface AlertList extends Pages<Alert, number> {
  filters: ComputedRef<AlertFilters>;
  departments: ComputedRef<{ value: string; label: string }[]>;
  /** New ones that wait to be shown, newest first. */
  pending: ShallowRef<Alert[]>;
  showPending: () => void;
  /** Puts a changed alert into its row. */
  put: (alert: Alert) => void;
}

/**
 * The alert list of the address's filters, kept up to date by the live feed. New alerts are shown at once
 * while `follows` says so, else they wait: the list never moves under the reader's hand.
 */
export function useAlertList(follows: () => boolean): AlertList {
  const wall = useWall();
  const { region } = useScope();
  const { list } = useRouteFilters();
  const { all, options } = useDepartments();
  const pending = shallowRef<Alert[]>([]);
  const filters = computed(() => filtersOf(list));
  const query = computed<Query>(() => ({ ...filters.value, region: region.value?.code, limit: PAGE }));
  const pages = usePages<Alert, number>(
    () => JSON.stringify(query.value),
    async (before, signal) => {
      const page = await call('GET /api/alerts', { query: { ...query.value, before }, signal });
      return { items: page.alerts, next: page.next, total: page.total };
    },
  );
  watch(query, () => (pending.value = []));

  function put(alert: Alert): void {
    if (pages.items.value.some(({ id }) => id === alert.id)) {
      pages.items.value = withAlert(pages.items.value, alert);
    }
  }
  function showPending(): void {
    const news = pending.value;
    pending.value = [];
    pages.items.value = news.reduce(withAlert, pages.items.value);
    pages.total.value += news.length;
  }
  function hear(alert: Alert): void {
    if (pages.loading.value) return;
    const newest = pages.items.value[0]?.id ?? 0;
    if (pages.items.value.some(({ id }) => id === alert.id)) put(alert);
    else if (alert.id > newest) {
      const others = pending.value.filter(({ id }) => id !== alert.id);
      const name = all.value.find(({ id }) => id === filters.value.department)?.name ?? null;
      pending.value = admits(filters.value, name, alert) ? withAlert(others, alert) : others;
      if (pending.value.length > 0 && follows()) showPending();
    }
  }
  const { off } = wall.onAlertChanged(hear);
  onScopeDispose(off);

  // What happened while the feed was away is not told again: the list is read anew once it is back.
  watch(
    () => wall.status,
    (now, before) => {
      if (now === 'connected' && before === 'disconnected') {
        pending.value = [];
        void pages.reload();
      }
    },
  );
  return { ...pages, filters, departments: options, pending, showPending, put };
}
