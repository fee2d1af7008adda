import type { Alert, AlertHistory } from '@mingjing/contracts';
import { onScopeDispose, shallowRef, watch } from 'vue';
import type { ShallowRef } from 'vue';
import { call } from '../../api/client.ts';
import { useErrorText } from '../../app/useErrorText.ts';
import { useWall } from '../../stores/wall.ts';

interface Detail {
  alert: ShallowRef<Alert | null>;
  /** Null until it has come. */
  history: ShallowRef<AlertHistory[] | null>;
  failure: ShallowRef<string | null>;
  load: () => Promise<void>;
}

/**
 * One alert and who did what with it, read anew whenever the feed tells of a change.
 * @param known the alert as the list holds it, shown until the centre has answered
 */
export function useAlertDetail(id: () => number, known: () => Alert | null): Detail {
  const wall = useWall();
  const errorText = useErrorText();
  const alert = shallowRef<Alert | null>(known());
  const history = shallowRef<AlertHistory[] | null>(null);
  const failure = shallowRef<string | null>(null);

  async function load(): Promise<void> {
    const asked = id();
    try {
      const answer = await call('GET /api/alerts/:id', { params: { id: asked } });
      if (asked !== id()) return;
      alert.value = answer.alert;
      history.value = answer.history;
      failure.value = null;
    } catch (error) {
      if (asked === id()) failure.value = errorText(error);
    }
  }
  watch(
    id,
    () => {
      alert.value = known();
      history.value = null;
      failure.value = null;
      void load();
    },
    { immediate: true },
  );
  watch(known, (held) => {
    if (held) alert.value = held;
  });
  const { off } = wall.onAlertChanged((changed) => {
    if (changed.id === id()) void load();
  });
  onScopeDispose(off);
  return { alert, history, failure, load };
}
