import { ref } from 'vue';
import type { Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { toApiError } from '../api/errors.ts';
import { useErrorText } from './useErrorText.ts';

/** What a schema of contracts says is wrong with a field. */
interface Issue {
  code?: string | undefined;
  path: PropertyKey[];
  minimum?: number | bigint | undefined;
  maximum?: number | bigint | undefined;
  origin?: string | undefined;
}

interface Schema<T> {
  safeParse: (value: unknown) => { success: true; data: T } | { success: false; error: { issues: Issue[] } };
}

interface Form {
  /** What is wrong, by field. */
  errors: Ref<Record<string, string>>;
  /** What is wrong with the whole of it. */
  failure: Ref<string | null>;
  working: Ref<boolean>;
  /** Checks the fields and sends them; says in the reader's language what is wrong. Returns whether it was taken. */
  submit: (draft: unknown) => Promise<boolean>;
}

/**
 * A form that is checked with the very schema the centre checks it with.
 * @param special sentences for fields whose rule has no words of its own (a code, an identifier), and under
 *   `conflict` for what is taken already
 */
export function useForm<T>(
  schema: Schema<T>,
  send: (data: T) => Promise<unknown>,
  special: Record<string, string> = {},
): Form {
  const { t } = useI18n();
  const errorText = useErrorText();
  const errors = ref<Record<string, string>>({});
  const failure = ref<string | null>(null);
  const working = ref(false);

  function sentence({ code, path, minimum, maximum, origin }: Issue): string {
    const own = special[String(path[0])];
    if (code === 'too_small' && origin === 'string') {
      return Number(minimum) <= 1 ? t('form.required') : t('form.tooShort', { count: Number(minimum) });
    }
    if (code === 'too_big' && origin === 'string') return t('form.tooLong', { count: Number(maximum) });
    if (code === 'too_small') return t('form.atLeast', { count: Number(minimum) });
    if (code === 'too_big') return t('form.atMost', { count: Number(maximum) });
    if (code === 'custom') return t('form.unstorable');
    return own ?? t('form.invalid');
  }
  function told(thrown: unknown): void {
    const error = toApiError(thrown);
    failure.value = (error.reason === 'conflict' ? special['conflict'] : undefined) ?? errorText(error);
    for (const { field, message } of error.problem?.errors ?? []) {
      errors.value = { ...errors.value, [field]: message };
    }
  }
  async function submit(draft: unknown): Promise<boolean> {
    errors.value = {};
    failure.value = null;
    const checked = schema.safeParse(draft);
    if (!checked.success) {
      // The first thing that is wrong with a field is said, not all.
      const all = checked.error.issues.map(
        (issue) => [String(issue.path[0] ?? ''), sentence(issue)] as const,
      );
      errors.value = Object.fromEntries(all.reverse());
      return false;
    }
    working.value = true;
    try {
      await send(checked.data);
      return true;
    } catch (error) {
      told(error);
      return false;
    } finally {
      working.value = false;
    }
  }
  return { errors, failure, working, submit };
}
