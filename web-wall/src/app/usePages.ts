import { onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { Ref, ShallowRef } from 'vue';

/** One page of a list that is read from a place on: `next` names the place of the following page. */
export interface ListPage<T, C> {
  items: T[];
  next: C | null;
  total: number;
}

export interface Pages<T, C> {
  items: ShallowRef<T[]>;
  total: Ref<number>;
  next: ShallowRef<C | null>;
  /** Nothing of this list is here yet. */
  loading: Ref<boolean>;
  loadingMore: Ref<boolean>;
  /** What was thrown last, by the first page or a later one. */
  failure: ShallowRef<unknown>;
  reload: () => Promise<void>;
  more: () => Promise<void>;
}

/**
 * A long list, a page at a time. It is read anew whenever `key` changes; an answer that comes too late,
 * for a key that is no longer asked for, is thrown away.
 * @param key what the list depends on: its filters, as text
 * @param read reads the page at a place; null is the beginning
 */
export function usePages<T, C>(
  key: () => string,
  read: (place: C | null, signal: AbortSignal) => Promise<ListPage<T, C>>,
): Pages<T, C> {
  const items = shallowRef<T[]>([]);
  const total = ref(0);
  const next: ShallowRef<C | null> = shallowRef(null);
  const loading = ref(true);
  const loadingMore = ref(false);
  const failure = shallowRef<unknown>(null);
  let asking = new AbortController();

  async function take(place: C | null): Promise<void> {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const page = await read(place, signal);
      if (signal.aborted) return;
      items.value = place === null ? page.items : [...items.value, ...page.items];
      next.value = page.next;
      total.value = page.total;
      failure.value = null;
    } catch (error) {
      if (!signal.aborted) failure.value = error;
    }
    if (signal.aborted) return;
    loading.value = false;
    loadingMore.value = false;
  }

  async function more(): Promise<void> {
    if (next.value === null || loading.value || loadingMore.value) return;
    loadingMore.value = true;
    await take(next.value);
  }

  watch(
    key,
    () => {
      loading.value = true;
      loadingMore.value = false;
      void take(null);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    asking.abort();
  });
  return { items, total, next, loading, loadingMore, failure, reload: () => take(null), more };
}
