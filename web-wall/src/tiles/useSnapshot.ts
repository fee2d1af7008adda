import { useI18n } from 'vue-i18n';
import { hasPicture, keepSnapshot } from './snapshot.ts';
import type { Caption } from './snapshot.ts';

interface About {
  caption: () => Caption;
  /** The element that shows the picture now. */
  picture: () => HTMLVideoElement | HTMLImageElement | null;
  say: (text: string) => void;
}

/** @returns keeps the picture of a tile as a file, and says so, or why not */
export function useSnapshot({ caption, picture, say }: About): () => Promise<void> {
  const { t } = useI18n();
  return async () => {
    const element = picture();
    if (!element || !hasPicture(element)) {
      say(t('tiles.noSnapshot'));
      return;
    }
    try {
      say(t('tiles.saved', { name: await keepSnapshot(element, caption()) }));
    } catch (error) {
      say(t('tiles.notSaved', { why: error instanceof Error ? error.message : String(error) }));
    }
  };
}
