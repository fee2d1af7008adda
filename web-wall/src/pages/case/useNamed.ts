import { useI18n } from 'vue-i18n';

/** Words of lists that may grow: a known word by its name, an unknown one as it came. */
export function useNamed(): (list: 'procedure' | 'outcome' | 'channel', word: string) => string {
  const i18n = useI18n();
  return (list, word) => {
    const key = `case.${list}.${word}`;
    return i18n.te(key) ? i18n.t(key) : word;
  };
}
