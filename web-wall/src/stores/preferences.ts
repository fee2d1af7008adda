import { useLocalStorage } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import type { Locale } from '../format/instants.ts';

export type Theme = 'dark' | 'light';
/** `auto` follows the page: dark for walls, light for desks. */
export type ThemeChoice = Theme | 'auto';

/** What this browser remembers of its user's wishes. */
export const usePreferences = defineStore('preferences', () => {
  const locale = useLocalStorage<Locale>('mingjing.locale', 'zh-CN');
  const themeChoice = useLocalStorage<ThemeChoice>('mingjing.theme', 'auto');
  const muted = useLocalStorage('mingjing.muted', false);
  /** What the page at hand asks for; the router sets it. */
  const pageTheme = ref<Theme>('dark');
  const theme = computed<Theme>(() => (themeChoice.value === 'auto' ? pageTheme.value : themeChoice.value));
  return { locale, themeChoice, muted, pageTheme, theme };
});
