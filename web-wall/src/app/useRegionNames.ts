import { usePreferences } from '../stores/preferences.ts';
import { useSession } from '../stores/session.ts';

/** The name of a region by its code, in the reader's language; the code itself for one that is not in scope. */
export function useRegionNames(): (code: string) => string {
  const session = useSession();
  const preferences = usePreferences();
  return (code) => {
    const region = session.regionOf(code);
    if (!region) return code;
    return preferences.locale === 'en' ? region.nameEn : region.name;
  };
}
