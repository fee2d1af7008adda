import { useI18n } from 'vue-i18n';
import { toApiError } from '../api/errors.ts';

/** Words for whatever a call threw: one sentence, with what the centre said of it where that helps. */
export function useErrorText(): (thrown: unknown) => string {
  const { t } = useI18n();
  return (thrown) => {
    const error = toApiError(thrown);
    const sentence = t(`error.${error.reason}`);
    const helpful = error.reason === 'invalid' || error.reason === 'conflict';
    const fields = error.problem?.errors?.map(({ field, message }) => `${field}: ${message}`).join('; ');
    const said = fields ?? error.problem?.detail;
    return helpful && said !== undefined ? `${sentence} ${said}` : sentence;
  };
}
