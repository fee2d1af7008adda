import type { ScreenTile, Unmasking } from '@mingjing/contracts';
import { computed, ref } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { useNow } from '../app/useNow.ts';
import { useSession } from '../stores/session.ts';
import type { Tool } from '../tiles/tool.ts';
import { useUnmasking } from './useUnmasking.ts';

interface UnmaskTool {
  unmasking: ReturnType<typeof useUnmasking>;
  /** The dialog that asks for it is open. */
  asking: Ref<boolean>;
  /** The permission whose pictures are shown. */
  viewing: Ref<number | null>;
  /** Null on a wall that runs by itself: nobody is there to ask. */
  tool: ComputedRef<Tool | null>;
  useTool: () => void;
  /** The dialog was left. @param one what was asked for; null: nothing */
  asked: (one: Unmasking | null) => Promise<void>;
}

interface About {
  /** Leads to what may be done about a permission that stands. @returns false when that is nothing */
  enter: () => boolean;
  say: (text: string) => void;
}

/** The tool of a screen's tile to see it unmasked: asks, or leads to what stands already. */
export function useUnmaskTool(screen: Readonly<Ref<ScreenTile>>, { enter, say }: About): UnmaskTool {
  const { t } = useI18n();
  const now = useNow();
  const session = useSession();
  const unmasking = useUnmasking(() => screen.value);
  const asking = ref(false);
  const viewing = ref<number | null>(null);
  const stands = computed(() => {
    const { unmasking: runs, unmaskWaiting: waits } = screen.value;
    return [runs, waits].some((one) => one && one.until > now.value);
  });
  const tool = computed((): Tool | null => {
    if (session.session?.wall !== undefined) return null;
    const disabled = stands.value || unmasking.mayAsk.value ? null : t('screens.mayNotAsk');
    return { id: 'unmask', key: 'U', pressed: viewing.value !== null, disabled };
  });
  function useTool(): void {
    if (stands.value) {
      if (!enter()) say(t('screens.nothing'));
    } else if (unmasking.mayAsk.value) asking.value = true;
    else say(t('screens.mayNotAsk'));
  }
  async function asked(one: Unmasking | null): Promise<void> {
    asking.value = false;
    if (!one) return;
    await unmasking.load();
    if (one.state === 'running') viewing.value = one.id;
  }
  return { unmasking, asking, viewing, tool, useTool, asked };
}
