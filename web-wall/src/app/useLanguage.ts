import type { Sentence } from '@mingjing/contracts';
import { computed } from 'vue';
import type { ComputedRef } from 'vue';
import { usePreferences } from '../stores/preferences.ts';

/** Which half of a sentence the reader reads. */
export function useLanguage(): ComputedRef<keyof Sentence> {
  const preferences = usePreferences();
  return computed(() => (preferences.locale === 'en' ? 'en' : 'zh'));
}
