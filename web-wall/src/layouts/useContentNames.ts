import type { TileContent, WallCase } from '@mingjing/contracts';
import { useI18n } from 'vue-i18n';
import { useWall } from '../stores/wall.ts';

interface ContentNames {
  /** What people call what a tile shows; the id of what is not in scope. */
  nameOf: (content: TileContent) => string;
  /** What sort of thing it is. */
  kindOf: (content: TileContent) => string;
}

/**
 * Names of what stands on tiles, from the live snapshot.
 * @param cases those that stand on tiles, where they are known
 */
export function useContentNames(cases: () => readonly WallCase[] = () => []): ContentNames {
  const { t } = useI18n();
  const wall = useWall();
  function nameOf(content: TileContent): string {
    const { cameras = [], screens = [] } = wall.snapshot ?? {};
    switch (content.kind) {
      case 'camera':
        return cameras.find(({ id }) => id === content.camera)?.name ?? content.camera;
      case 'screen':
        return screens.find(({ id }) => id === content.screen)?.name ?? content.screen;
      case 'case':
        return cases().find(({ caseId }) => caseId === content.caseId)?.caseNo ?? content.caseId;
      case 'text':
        return content.text;
      case 'next':
        return t('layouts.next');
    }
  }
  return { nameOf, kindOf: ({ kind }) => t(`layouts.kind.${kind}`) };
}
