import type { Alert, AlertAction, AlertState } from '@mingjing/contracts';
import { ref, shallowRef } from 'vue';
import type { Ref, ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { call } from '../../api/client.ts';
import { toApiError } from '../../api/errors.ts';
import { useErrorText } from '../../app/useErrorText.ts';

const BECOMES: Record<AlertAction['action'], AlertState | null> = {
  acknowledge: 'acknowledged',
  unacknowledge: 'open',
  close: 'closed',
  note: null,
};

/** What may be done to an alert in its state. */
export function allows(action: AlertAction['action'], { state }: Alert): boolean {
  if (action === 'acknowledge') return state === 'open';
  if (action === 'unacknowledge') return state === 'acknowledged';
  if (action === 'close') return state !== 'closed' && state !== 'rescinded';
  return true;
}

export interface AlertActions {
  act: (alert: Alert, action: AlertAction['action'], note?: string) => Promise<boolean>;
  working: Ref<boolean>;
  failure: Ref<string | null>;
  /** The alert that was acknowledged last: to be taken back with one touch. */
  undoable: ShallowRef<Alert | null>;
}

/**
 * Acts on alerts. The row changes at once, and back again when the centre refuses.
 * @param put puts an alert's new state before the reader
 */
export function useAlertActions(put: (alert: Alert) => void): AlertActions {
  const { t } = useI18n();
  const errorText = useErrorText();
  const working = ref(false);
  const failure = ref<string | null>(null);
  const undoable = shallowRef<Alert | null>(null);

  async function act(alert: Alert, action: AlertAction['action'], note?: string): Promise<boolean> {
    if (!allows(action, alert)) return false;
    working.value = true;
    failure.value = null;
    put({ ...alert, state: BECOMES[action] ?? alert.state });
    try {
      const body: AlertAction = note === undefined || note === '' ? { action } : { action, note };
      const changed = await call('POST /api/alerts/:id/actions', { params: { id: alert.id }, body });
      put(changed);
      undoable.value = action === 'acknowledge' ? changed : null;
      return true;
    } catch (error) {
      put(alert);
      failure.value = toApiError(error).reason === 'conflict' ? t('alerts.conflict') : errorText(error);
      return false;
    } finally {
      working.value = false;
    }
  }
  return { act, working, failure, undoable };
}
