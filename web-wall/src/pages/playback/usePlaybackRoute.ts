import { useRoute, useRouter } from 'vue-router';
import { rateOf } from '../../playback/clock.ts';
import type { Rate } from '../../playback/clock.ts';

/** As many as are watched side by side. */
export const MOST_PLAYED = 9;

export interface PlaybackAddress {
  cameras: string[];
  screens: string[];
  at: number | null;
  rate: Rate;
}

/** Ms since the epoch, or a time with an offset; null for anything else. */
export function instantOfAddress(text: string): number | null {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}

interface PlaybackRoute {
  read: () => PlaybackAddress;
  write: (address: PlaybackAddress) => void;
}

/** What is played, when and how fast stands in the address: it can be sent to a colleague, and printed. */
export function usePlaybackRoute(): PlaybackRoute {
  const route = useRoute();
  const router = useRouter();
  function values(key: string): string[] {
    const value = route.query[key];
    return (Array.isArray(value) ? value : [value]).filter(
      (item): item is string => typeof item === 'string',
    );
  }
  const ids = (key: string): string[] =>
    [...new Set(values(key).flatMap((text) => text.split(',')))]
      .filter((id) => id !== '')
      .slice(0, MOST_PLAYED);
  return {
    read: () => ({
      cameras: ids('cameras'),
      screens: ids('screens'),
      at: instantOfAddress(values('at')[0] ?? ''),
      rate: rateOf(values('rate')[0]),
    }),
    write({ cameras, screens, at, rate }) {
      const query = { ...route.query };
      for (const key of ['cameras', 'screens', 'at', 'rate']) Reflect.deleteProperty(query, key);
      if (cameras.length > 0) query['cameras'] = cameras.join(',');
      if (screens.length > 0) query['screens'] = screens.join(',');
      if (at !== null) query['at'] = String(Math.round(at));
      if (rate !== 1) query['rate'] = String(rate);
      void router.replace({ query });
    },
  };
}
