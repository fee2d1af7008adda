import { ref } from 'vue';
import type { Ref } from 'vue';
import { useErrorText } from '../../app/useErrorText.ts';
import { useRulebook } from '../../stores/rulebook.ts';

/** Reads the rulebook, and says what went wrong. */
export function useRulebookAnswer(): { failure: Ref<string | null>; load: () => Promise<void> } {
  const book = useRulebook();
  const errorText = useErrorText();
  const failure = ref<string | null>(null);
  async function load(): Promise<void> {
    try {
      await book.load();
      failure.value = null;
    } catch (error) {
      failure.value = errorText(error);
    }
  }
  // Others publish meanwhile: what is held is shown at once, and read anew.
  void load();
  return { failure, load };
}
