import type { Region } from '@mingjing/contracts';
import { computed } from 'vue';
import type { ComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { useSession } from '../stores/session.ts';

interface Scope {
  /** The region being looked at: the page's ?region=, if the user may see it, else the user's own. */
  region: ComputedRef<Region | null>;
  /** From the user's own region down to it. */
  path: ComputedRef<Region[]>;
  /** Its direct children. */
  children: ComputedRef<Region[]>;
  go: (code: string) => void;
}

/** The region that the page is about, kept in the address so that it can be bookmarked and gone back from. */
export function useScope(): Scope {
  const session = useSession();
  const route = useRoute();
  const router = useRouter();
  const own = computed(() => session.session?.region ?? null);
  const region = computed(() => {
    const asked = route.query['region'];
    return (typeof asked === 'string' ? session.regionOf(asked) : null) ?? own.value;
  });
  const path = computed(() => {
    const up: Region[] = [];
    for (let at = region.value; at; at = at.parent === null ? null : session.regionOf(at.parent)) {
      up.unshift(at);
      if (at.code === own.value?.code) break;
    }
    return up;
  });
  const children = computed(() => session.regions.filter(({ parent }) => parent === region.value?.code));
  function go(code: string): void {
    void router.push({ query: { ...route.query, region: code === own.value?.code ? undefined : code } });
  }
  return { region, path, children, go };
}
