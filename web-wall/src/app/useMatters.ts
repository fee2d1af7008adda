import type { Matter } from '@mingjing/contracts';
import { computed, shallowRef } from 'vue';
import type { ComputedRef, ShallowRef } from 'vue';
import { call } from '../api/client.ts';
import { toApiError } from '../api/errors.ts';
import type { ApiError } from '../api/errors.ts';
import { useNames } from './useNames.ts';

interface Matters {
  /** To choose from, in the reader's language; empty until they have come. */
  options: ComputedRef<{ value: string; label: string }[]>;
  failure: ShallowRef<ApiError | null>;
}

/** 事项: what can be applied for. */
export function useMatters(): Matters {
  const names = useNames();
  const all = shallowRef<Matter[]>([]);
  const failure = shallowRef<ApiError | null>(null);
  call('GET /api/matters', {}).then(
    (matters) => (all.value = matters),
    (error: unknown) => (failure.value = toApiError(error)),
  );
  const options = computed(() =>
    all.value.map(({ id, name, nameEn }) => ({
      value: id,
      label: names.either(name, nameEn),
    })),
  );
  return { options, failure };
}
