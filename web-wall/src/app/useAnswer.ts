import { ref, shallowRef } from 'vue';
import type { Ref, ShallowRef } from 'vue';
import { useErrorText } from './useErrorText.ts';

export interface Answer<T> {
  /** Null until it has come. What came last stays when a later reading fails. */
  value: ShallowRef<T | null>;
  failure: Ref<string | null>;
  load: () => Promise<void>;
}

/** Something that a page reads whole, at once and again when it is asked to. */
export function useAnswer<T>(read: () => Promise<T>): Answer<T> {
  const errorText = useErrorText();
  const value: ShallowRef<T | null> = shallowRef(null);
  const failure = ref<string | null>(null);
  async function load(): Promise<void> {
    try {
      value.value = await read();
      failure.value = null;
    } catch (error) {
      failure.value = errorText(error);
    }
  }
  void load();
  return { value, failure, load };
}
