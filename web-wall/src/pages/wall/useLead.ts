import { computed, ref, watch } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import { useErrorText } from '../../app/useErrorText.ts';
import { useWall } from '../../stores/wall.ts';
import { listOrder, triage } from './triage.ts';
import type { Triage } from './triage.ts';

interface Lead {
  sorted: ComputedRef<Triage>;
  /** Makes an alert lead; null goes back to the gravest. */
  choose: (id: number | null) => void;
  /** Chooses the alert so many steps further down the list that is shown. */
  step: (by: number) => void;
  /** Acknowledges the leading alert, if it waits. */
  acknowledge: () => Promise<void>;
  working: Ref<boolean>;
  failure: Ref<string | null>;
}

/** The alert that the wall asks about, and what can be done with it. */
export function useLead(): Lead {
  const wall = useWall();
  const errorText = useErrorText();
  const chosen = ref<number | null>(null);
  const working = ref(false);
  const failure = ref<string | null>(null);
  const sorted = computed(() => triage(wall.snapshot?.alerts ?? [], chosen.value));

  function choose(id: number | null): void {
    chosen.value = id;
  }

  function step(by: number): void {
    const all = listOrder(wall.snapshot?.alerts ?? []);
    const at = all.findIndex(({ id }) => id === sorted.value.lead?.id);
    choose(all[Math.min(Math.max(at + by, 0), all.length - 1)]?.id ?? null);
  }

  async function acknowledge(): Promise<void> {
    const { lead } = sorted.value;
    if (lead?.state !== 'open' || working.value) return;
    working.value = true;
    failure.value = null;
    try {
      await wall.acknowledge(lead.id);
      if (chosen.value === lead.id) chosen.value = null;
    } catch (error) {
      failure.value = errorText(error);
    } finally {
      working.value = false;
    }
  }

  watch(
    () => sorted.value.lead?.id,
    () => (failure.value = null),
  );
  return { sorted, choose, step, acknowledge, working, failure };
}
