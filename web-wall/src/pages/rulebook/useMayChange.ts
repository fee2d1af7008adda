import { computed } from 'vue';
import type { ComputedRef } from 'vue';
import { useSession } from '../../stores/session.ts';

/** Whether the user may publish; whether of the whole centre or only for a region below it. */
export function useMayChange(): {
  may: ComputedRef<boolean>;
  whole: ComputedRef<boolean>;
  region: ComputedRef<string>;
} {
  const session = useSession();
  const may = computed(() => session.user?.role === 'administrator');
  const whole = computed(() => may.value && session.session?.region.tier === 'city');
  return { may, whole, region: computed(() => session.user?.region ?? '') };
}
