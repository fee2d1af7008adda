import type { Role } from '@mingjing/contracts';
import { computed, ref } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import { useSession } from '../stores/session.ts';
import type { Playback } from './usePlayback.ts';

/** Evidence is taken by those who answer for cases. */
const TAKERS: readonly Role[] = ['inspector', 'supervisor', 'administrator'];

export interface Cut {
  from: number | null;
  to: number | null;
}

interface ClipWork {
  mayExport: ComputedRef<boolean>;
  /** The stretch that is to be cut out, as far as it is marked. */
  cut: Ref<Cut>;
  /** Marks an end of it where the clock stands. */
  mark: (end: keyof Cut) => void;
  /** Whether the dialog, and the list of clips, are open. */
  exporting: Ref<boolean>;
  listed: Ref<boolean>;
  /** How often clips have been ordered here: the list is read anew then. */
  orders: Ref<number>;
  ordered: () => void;
}

/** What is marked to be exported from a page that plays, and the clips that were made of it. */
export function useClip({ clock }: Playback): ClipWork {
  const session = useSession();
  const cut = ref<Cut>({ from: null, to: null });
  const exporting = ref(false);
  const listed = ref(false);
  const orders = ref(0);
  return {
    ...{ cut, exporting, listed, orders },
    mayExport: computed(() => TAKERS.includes(session.user?.role ?? 'clerk')),
    mark: (end) => (cut.value = { ...cut.value, [end]: Math.round(clock.at) }),
    ordered() {
      orders.value += 1;
      listed.value = true;
    },
  };
}
