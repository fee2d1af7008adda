import { ref } from 'vue';
import type { Ref } from 'vue';
import { useErrorText } from './useErrorText.ts';

interface Attempt {
  working: Ref<boolean>;
  /** Why the last one was refused, in the reader's language. */
  failure: Ref<string | null>;
  /** Does it, and says whether it was done; what it throws becomes the failure. */
  attempt: (what: () => Promise<unknown>) => Promise<boolean>;
}

/** What a press asks of the centre: one thing at a time, that is under way, done or refused. */
export function useAttempt(): Attempt {
  const errorText = useErrorText();
  const working = ref(false);
  const failure = ref<string | null>(null);
  async function attempt(what: () => Promise<unknown>): Promise<boolean> {
    working.value = true;
    failure.value = null;
    try {
      await what();
      return true;
    } catch (error) {
      failure.value = errorText(error);
      return false;
    } finally {
      working.value = false;
    }
  }
  return { working, failure, attempt };
}
