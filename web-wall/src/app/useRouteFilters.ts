import { useRoute, useRouter } from 'vue-router';

type Change = Record<string, string | readonly string[] | undefined>;

interface RouteFilters {
  /** The values of a repeated key; empty where it is not set. */
  list: (key: string) => string[];
  /** The value of a key; '' where it is not set. */
  text: (key: string) => string;
  /** Changes some keys and leaves the others. What is empty leaves the address. */
  set: (change: Change) => void;
}

/** A list's filters, kept in the address: they can be bookmarked, sent to a colleague and gone back to. */
export function useRouteFilters(): RouteFilters {
  const route = useRoute();
  const router = useRouter();
  function list(key: string): string[] {
    const value = route.query[key];
    const values = Array.isArray(value) ? value : [value];
    return values.filter((item): item is string => typeof item === 'string' && item !== '');
  }
  function set(change: Change): void {
    const query = { ...route.query };
    for (const [key, value] of Object.entries(change)) {
      if (value === undefined || value.length === 0) Reflect.deleteProperty(query, key);
      else query[key] = typeof value === 'string' ? value : [...value];
    }
    void router.replace({ query });
  }
  return { list, text: (key) => list(key)[0] ?? '', set };
}
