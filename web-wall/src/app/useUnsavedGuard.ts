import { useEventListener } from '@vueuse/core';
import { shallowRef } from 'vue';
import type { ShallowRef } from 'vue';
import { onBeforeRouteLeave } from 'vue-router';

interface UnsavedGuard {
  /** What would lose the changes, while it is asked whether they may be lost; null: nothing is asked. */
  asked: ShallowRef<(() => void) | null>;
  /** Does it at once where nothing would be lost, else asks first. */
  guard: (act: () => void) => void;
  /** The changes may be lost: does what was asked for. */
  lose: () => void;
  /** The changes stay: what was asked for is not done. */
  keep: () => void;
}

/**
 * Stands between unsaved changes and whatever would lose them: another page, a closed window, or an act of the page.
 * @param changed whether there is anything to lose
 */
export function useUnsavedGuard(changed: () => boolean): UnsavedGuard {
  const asked = shallowRef<(() => void) | null>(null);
  let stay: (() => void) | null = null;
  function guard(act: () => void): void {
    if (changed()) asked.value = act;
    else act();
  }
  function lose(): void {
    const act = asked.value;
    asked.value = null;
    stay = null;
    act?.();
  }
  function keep(): void {
    asked.value = null;
    stay?.();
    stay = null;
  }
  onBeforeRouteLeave(() => {
    if (!changed()) return true;
    return new Promise<boolean>((resolve) => {
      stay?.();
      stay = () => resolve(false);
      asked.value = () => resolve(true);
    });
  });
  useEventListener(window, 'beforeunload', (event) => {
    // The browser asks in its own words.
    if (changed()) event.preventDefault();
  });
  return { asked, guard, lose, keep };
}
