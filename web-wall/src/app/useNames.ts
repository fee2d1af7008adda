import { usePreferences } from '../stores/preferences.ts';
import { useSession } from '../stores/session.ts';

interface Names {
  /** The one of two names that the reader reads. */
  either: <T extends string | null>(zh: T, en: T) => T;
  /** A region's name by its code; the code itself for one that is not in the user's scope. */
  region: (code: string) => string;
}

/** Names of matters, departments, ladders and regions in the reader's language. Halls, counters and people have one. */
export function useNames(): Names {
  const session = useSession();
  const preferences = usePreferences();
  const either: Names['either'] = (zh, en) => (preferences.locale === 'en' ? en : zh);
  return {
    either,
    region(code) {
      const region = session.regionOf(code);
      return region ? either(region.name, region.nameEn) : code;
    },
  };
}
