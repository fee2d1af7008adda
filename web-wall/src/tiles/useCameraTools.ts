import { PTZ_ROLES } from '@mingjing/contracts';
import type { CameraTile } from '@mingjing/contracts';
import { computed, ref } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import { useSession } from '../stores/session.ts';
import type { Caption } from './snapshot.ts';
import type { Tool } from './tool.ts';
import { useSnapshot } from './useSnapshot.ts';
import { useTileNote } from './useTileNote.ts';

interface CameraTools {
  tools: ComputedRef<Tool[]>;
  use: (tool: Tool['id']) => void;
  /** The panel to steer it is open. */
  steering: Ref<boolean>;
  /** The figures of the picture are shown. */
  figures: Ref<boolean>;
  /** What was just done or refused. */
  note: Readonly<Ref<string | null>>;
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
  const session = useSession();
  const steering = ref(false);
  const figures = ref(false);
  const { note, say } = useTileNote();
  const snapshot = useSnapshot({ caption, picture, say });
  async function lookBack(): Promise<void> {
    const at = String(Date.now() - LOOK_BACK_MS);
    await router.push({ path: '/playback', query: { cameras: camera.value.id, at } });
  }
  /** Why this reader cannot steer this camera; the media host decides, this spares the asking. */
  const notSteered = computed(() => {
    if (!camera.value.ptz) return t('tiles.noPtz');
    const role = session.user?.role;
    return role && PTZ_ROLES.includes(role) ? null : t('tiles.mayNotSteer');
  });
  const tools = computed((): Tool[] => [
    { id: 'enlarge', key: 'Enter' },
    { id: 'snapshot', key: 'S' },
    { id: 'playback', key: 'R' },
    { id: 'ptz', key: 'P', pressed: steering.value, disabled: notSteered.value },
    { id: 'figures', key: 'I', pressed: figures.value },
  ]);
  function steer(): void {
    if (notSteered.value === null) steering.value = !steering.value;
    else say(notSteered.value);
  }
  function use(tool: Tool['id']): void {
    if (tool === 'snapshot') void snapshot();
    if (tool === 'playback') void lookBack();
    if (tool === 'ptz') steer();
    if (tool === 'figures') figures.value = !figures.value;
  }
  return { tools, use, steering, figures, note };
}
