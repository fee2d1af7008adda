import { computed } from 'vue';
import type { ComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';

interface ReplayRoute {
  /** What the address asks to be replayed: an instant or a step; '' for nothing. */
  asked: ComputedRef<string>;
  /** Remembers in the address where the replay stands; not as a step of the way back. */
  remember: (at: number) => void;
  close: () => void;
}

/** `?at=` of the case page. */
export function useReplayRoute(): ReplayRoute {
  const route = useRoute();
  const router = useRouter();
  return {
    asked: computed(() => {
      const value = route.query['at'];
      return typeof value === 'string' ? value : '';
    }),
    remember: (at) => void router.replace({ query: { ...route.query, at: String(Math.round(at)) } }),
    close() {
      const query = { ...route.query };
      Reflect.deleteProperty(query, 'at');
      void router.push({ query });
    },
  };
}
