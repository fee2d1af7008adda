import { computed } from 'vue';
import type { ComputedRef } from 'vue';
import { formatAgo, formatDuration } from '../format/durations.ts';
import { formatDateTime, formatTime, formatWhen } from '../format/instants.ts';
import type { Locale } from '../format/instants.ts';
import { usePreferences } from '../stores/preferences.ts';
import { useWall } from '../stores/wall.ts';
import { useNow } from './useNow.ts';
import { useScope } from './useScope.ts';

interface Format {
  locale: ComputedRef<Locale>;
  zone: ComputedRef<string>;
  /** 09:41:07 */
  clock: (at: number) => string;
  /** 2026年11月22日 09:41 */
  dateTime: (at: number, seconds?: boolean) => string;
  /** 09:41 today, else with its date. */
  when: (at: number) => string;
  /** 2 秒前, moving on by itself. */
  ago: (at: number) => string;
  duration: (ms: number) => string;
}

/** The helpers of format/ in the reader's language and the scope region's zone. Reactive in templates. */
export function useFormat(): Format {
  const preferences = usePreferences();
  const wall = useWall();
  const { region } = useScope();
  const now = useNow();
  const locale = computed(() => preferences.locale);
  const zone = computed(() => region.value?.zone ?? wall.zone);
  return {
    locale,
    zone,
    clock: (at) => formatTime(at, zone.value, true),
    dateTime: (at, seconds = false) => formatDateTime(at, zone.value, locale.value, seconds),
    when: (at) => formatWhen(at, now.value, zone.value, locale.value),
    ago: (at) => formatAgo(now.value - at, locale.value),
    duration: (ms) => formatDuration(ms, locale.value),
  };
}
