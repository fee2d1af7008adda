import type { Department } from '@mingjing/contracts';
import { computed, shallowRef, watch } from 'vue';
import type { ComputedRef, ShallowRef } from 'vue';
import { call } from '../api/client.ts';
import { toApiError } from '../api/errors.ts';
import type { ApiError } from '../api/errors.ts';
import { useNames } from './useNames.ts';
import { useScope } from './useScope.ts';

interface Departments {
  all: ShallowRef<Department[]>;
  /** To choose from, in the reader's language. */
  options: ComputedRef<{ value: string; label: string }[]>;
  failure: ShallowRef<ApiError | null>;
}

/** The departments of the region being looked at and everything below it. */
export function useDepartments(): Departments {
  const { region } = useScope();
  const names = useNames();
  const all = shallowRef<Department[]>([]);
  const failure = shallowRef<ApiError | null>(null);
  watch(
    () => region.value?.code,
    async (code) => {
      if (code === undefined) return;
      try {
        const list = await call('GET /api/departments', { query: { region: code } });
        if (region.value?.code !== code) return;
        all.value = list;
        failure.value = null;
      } catch (error) {
        failure.value = toApiError(error);
      }
    },
    { immediate: true },
  );
  const options = computed(() =>
    all.value.map(({ id, name, nameEn }) => ({
      value: id,
      label: names.either(name, nameEn),
    })),
  );
  return { all, options, failure };
}
