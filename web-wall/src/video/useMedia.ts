import { inject, onScopeDispose, provide } from 'vue';
import type { InjectionKey } from 'vue';
import { call } from '../api/client.ts';
import { useSession } from '../stores/session.ts';
import { openMedia } from './mediaClient.ts';
import type { MediaClient } from './mediaClient.ts';

const KEY: InjectionKey<MediaClient> = Symbol('media');

/** Opens live video for a page and everything in it, with the user's own right to watch; closes it with the page. */
export function provideMedia(): MediaClient {
  const session = useSession();
  const region = session.session?.region.code ?? '';
  const media = openMedia(() => call('GET /api/media/ticket', { query: { region } }));
  provide(KEY, media);
  onScopeDispose(() => media.close());
  return media;
}

/** The page's live video. @throws Error outside a page that called provideMedia */
export function useMedia(): MediaClient {
  const media = inject(KEY);
  if (!media) throw new Error('useMedia() needs a page that called provideMedia()');
  return media;
}
