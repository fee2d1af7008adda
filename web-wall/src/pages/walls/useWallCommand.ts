import type { WallCommand } from '@mingjing/contracts';
import { ref } from 'vue';
import type { Ref } from 'vue';
import { call } from '../../api/client.ts';
import { useErrorText } from '../../app/useErrorText.ts';

interface WallTelling {
  /** Returns whether the wall did it; what it shows then comes over the live feed. */
  tell: (wall: string, command: WallCommand) => Promise<boolean>;
  failure: Ref<string | null>;
  working: Ref<boolean>;
}

/** Tells a wall what to show. */
export function useWallCommand(): WallTelling {
  const errorText = useErrorText();
  const failure = ref<string | null>(null);
  const working = ref(false);
  async function tell(wall: string, command: WallCommand): Promise<boolean> {
    working.value = true;
    failure.value = null;
    try {
      await call('POST /api/walls/:id/commands', { params: { id: wall }, body: command });
      return true;
    } catch (error) {
      failure.value = errorText(error);
      return false;
    } finally {
      working.value = false;
    }
  }
  return { tell, failure, working };
}
