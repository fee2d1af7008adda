import type { MediaTicket } from '@mingjing/contracts';
import { onScopeDispose, shallowRef, toValue, watch } from 'vue';
import type { MaybeRefOrGetter, Ref, ShallowRef } from 'vue';

export interface Still {
  /** An address for an <img>, good until the next one. */
  url: string;
  /** When it was taken, ms since the epoch; null when the media host does not say. */
  takenAt: number | null;
}

/**
 * @returns null before the first one
 * @throws Error when the media host refuses or does not answer within 10 s
 */
async function fetchStill({ url, ticket }: MediaTicket, camera: string): Promise<Still | null> {
  const address = `${url}/still/${encodeURIComponent(camera)}?${new URLSearchParams({ ticket }).toString()}`;
  const answer = await fetch(address, { signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`the still of ${camera} was answered ${answer.status}`);
  if (answer.status === 204) return null;
  const taken = Date.parse(answer.headers.get('last-modified') ?? '');
  return {
    url: URL.createObjectURL(await answer.blob()),
    takenAt: Number.isNaN(taken) ? null : taken,
  };
}

/**
 * The last still of a camera, with its age.
 * @param round counts up when it is to be asked for again
 * @param wanted nobody sees the still: it is not asked for
 */
export function useStill(
  ticket: Readonly<Ref<MediaTicket | null>>,
  camera: MaybeRefOrGetter<string>,
  round: MaybeRefOrGetter<number>,
  wanted: MaybeRefOrGetter<boolean>,
): Readonly<ShallowRef<Still | null>> {
  const still = shallowRef<Still | null>(null);
  let asked = 0;
  function replace(next: Still | null): void {
    const last = still.value;
    still.value = next;
    if (last) URL.revokeObjectURL(last.url);
  }
  async function load(): Promise<void> {
    const right = ticket.value;
    if (!right || !toValue(wanted)) return;
    asked += 1;
    const mine = asked;
    // A still that cannot be had is no event of its own: the tile says by its state that there is no picture.
    const next = await fetchStill(right, toValue(camera)).catch(() => null);
    if (mine === asked) replace(next);
    else if (next) URL.revokeObjectURL(next.url);
  }
  watch(
    [() => ticket.value !== null, () => toValue(camera), () => toValue(round), () => toValue(wanted)],
    load,
    {
      immediate: true,
    },
  );
  onScopeDispose(() => {
    asked += 1;
    replace(null);
  });
  return still;
}
