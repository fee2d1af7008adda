import { UNMASK_APPROVERS, UNMASK_ASKERS } from '@mingjing/contracts';
import type { ScreenTile, Unmasking } from '@mingjing/contracts';
import { computed, shallowRef, watch } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import { call } from '../api/client.ts';
import { useAttempt } from '../app/useAttempt.ts';
import { useNow } from '../app/useNow.ts';
import { useSession } from '../stores/session.ts';

interface UnmaskingOf {
  /** Permissions that run, or wait for a second person. */
  standing: ComputedRef<Unmasking[]>;
  /** Why the last act was refused. */
  failure: Readonly<Ref<string | null>>;
  mayAsk: ComputedRef<boolean>;
  mayAgree: (one: Unmasking) => boolean;
  mayEnd: (one: Unmasking) => boolean;
  /** Its pictures are for this reader, now. */
  maySee: (one: Unmasking) => boolean;
  act: (what: 'approve' | 'end', id: number) => Promise<void>;
  load: () => Promise<void>;
}

/** Who sees a screen unmasked, and what the reader may do about it. Follows the live feed. */
export function useUnmasking(screen: () => ScreenTile): UnmaskingOf {
  const now = useNow();
  const session = useSession();
  const known = shallowRef<Unmasking[]>([]);
  const { failure, attempt } = useAttempt();
  const me = computed(() => session.user?.username);
  const role = computed(() => session.user?.role);
  const standing = computed(() => known.value.filter(({ until }) => until === null || until > now.value));
  const isMine = ({ askedBy }: Unmasking): boolean => askedBy === me.value;

  async function load(): Promise<void> {
    const { id, unmasking, unmaskWaiting } = screen();
    // A wall that runs by itself shows what the feed says, and asks nothing.
    const asks = (unmasking ?? unmaskWaiting) && session.session?.wall === undefined;
    await attempt(async () => {
      known.value = asks ? await call('GET /api/screens/:id/unmaskings', { params: { id } }) : [];
    });
  }
  async function act(what: 'approve' | 'end', id: number): Promise<void> {
    const done = await attempt(() =>
      call(what === 'approve' ? 'POST /api/unmaskings/:id/approve' : 'POST /api/unmaskings/:id/end', {
        params: { id },
      }),
    );
    if (done) await load();
  }
  watch(
    () => {
      const { id, unmasking, unmaskWaiting } = screen();
      return JSON.stringify([id, unmasking, unmaskWaiting]);
    },
    load,
    { immediate: true },
  );
  return {
    ...{ standing, failure, act, load },
    mayAsk: computed(
      () => role.value !== undefined && UNMASK_ASKERS.includes(role.value) && !standing.value.some(isMine),
    ),
    mayAgree: (one) =>
      one.state === 'waiting' &&
      !isMine(one) &&
      role.value !== undefined &&
      UNMASK_APPROVERS.includes(role.value),
    mayEnd: (one) => isMine(one) || role.value !== 'inspector',
    maySee: (one) => one.mine && one.state === 'running',
  };
}
