import type { WallCommand } from '@mingjing/contracts';
import type { Ref } from 'vue';
import { call } from '../../api/client.ts';
import { useAttempt } from '../../app/useAttempt.ts';

interface WallTelling {
  /** Returns whether the wall did it; what it shows then comes over the live feed. */
  tell: (wall: string, command: WallCommand) => Promise<boolean>;
  failure: Ref<string | null>;
  working: Ref<boolean>;
}

/** Tells a wall what to show. */
export function useWallCommand(): WallTelling {
  const { working, failure, attempt } = useAttempt();
  const tell = (wall: string, command: WallCommand): Promise<boolean> =>
    attempt(() => call('POST /api/walls/:id/commands', { params: { id: wall }, body: command }));
  return { tell, failure, working };
}
