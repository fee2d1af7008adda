import { createI18n } from 'vue-i18n';
import type { Locale } from '../format/instants.ts';
import common from './common.ts';
import type { Messages } from './messages.ts';

/** Every page brings its own words: pages/NAME/messages.ts, found under the key NAME; so do tiles and layouts. */
const pages = import.meta.glob<{ default: Messages }>(
  ['../pages/*/messages.ts', '../{tiles,layouts,screens}/messages.ts'],
  { eager: true },
);

function gather(locale: Locale): Record<string, unknown> {
  const all: Record<string, unknown> = { ...common[locale] };
  for (const [path, module] of Object.entries(pages)) {
    const name = path.split('/').at(-2);
    if (name !== undefined) all[name] = module.default[locale];
  }
  return all;
}

/** Messages are compiled to a syntax tree, never to code: no eval under the content security policy. */
export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': gather('zh-CN'), en: gather('en') } as Record<Locale, Record<string, string>>,
});
