import type { CameraTile } from '@mingjing/contracts';
import { computed, ref } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import { keepSnapshot } from './snapshot.ts';
import type { Caption } from './snapshot.ts';
import type { Tool } from './tool.ts';

interface CameraTools {
  tools: ComputedRef<Tool[]>;
  use: (tool: Tool['id']) => void;
  /** The panel to steer it is open. */
  steering: Ref<boolean>;
  /** The figures of the picture are shown. */
  figures: Ref<boolean>;
}

interface About {
  camera: Readonly<Ref<CameraTile>>;
  caption: () => Caption;
  /** The element that shows the picture now. */
  picture: () => HTMLVideoElement | HTMLImageElement | null;
}

/** How far before now a look back begins. In ms. */
const LOOK_BACK_MS = 30_000;

/** What can be done with a camera's tile. */
export function useCameraTools({ camera, caption, picture }: About): CameraTools {
  const { t } = useI18n();
  const router = useRouter();
  const steering = ref(false);
  const figures = ref(false);
  const problem = ref<string | null>(null);
  async function lookBack(): Promise<void> {
    const at = String(Date.now() - LOOK_BACK_MS);
    await router.push({ path: '/playback', query: { cameras: camera.value.id, at } });
  }
  const tools = computed((): Tool[] => [
    { id: 'enlarge', key: 'Enter' },
    { id: 'snapshot', key: 'S', disabled: problem.value },
    { id: 'playback', key: 'R' },
    ...(camera.value.ptz ? [{ id: 'ptz', key: 'P', pressed: steering.value } as const] : []),
    { id: 'figures', key: 'I', pressed: figures.value },
  ]);
  async function snapshot(): Promise<void> {
    const element = picture();
    try {
      if (!element) throw new Error(t('tiles.noSnapshot'));
      await keepSnapshot(element, caption());
      problem.value = null;
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
    }
  }
  function use(tool: Tool['id']): void {
    if (tool === 'snapshot') void snapshot();
    if (tool === 'playback') void lookBack();
    if (tool === 'ptz') steering.value = !steering.value;
    if (tool === 'figures') figures.value = !figures.value;
  }
  return { tools, use, steering, figures };
}
