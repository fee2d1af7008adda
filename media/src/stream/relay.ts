import { messageOf } from '../modules.ts';
import type { Ingest } from '../sfu/ingest.ts';
import type { FeedHooks, Stream } from './stream.ts';

interface RelayHooks extends FeedHooks<Ingest> {
  isClosed: () => boolean;
}

export interface Relayed {
  ingest: Ingest;
  /** Lets go of the small stream. */
  end: () => void;
}

/**
 * Shows the small stream of a camera as its main one, from the one pull of it that there is.
 * @returns undefined when it cannot be had now, or would have to be encoded anew as well
 */
export async function relay(sub: Stream<Ingest>, hooks: RelayHooks): Promise<Relayed | undefined> {
  let attached: Ingest | undefined;
  const leave = sub.join(({ state, reason }) => {
    if (!attached || hooks.isClosed()) return;
    if (state === 'frozen' || state === 'live') hooks.onSame(state === 'frozen' ? reason : null);
    else hooks.onEnd(reason ?? '辅码流中断 (the small stream ended)');
  }, 'relay');
  try {
    attached = await sub.ingest();
  } catch (problem) {
    leave();
    if (sub.closed) hooks.onEnd(messageOf(problem));
    return undefined;
  }
  const { mode, codec, width, height } = sub.status;
  if (mode !== 'copy' || codec === null || hooks.isClosed()) {
    leave();
    return undefined;
  }
  hooks.onProbe({ mode, codec, width, height, via: 'sub' });
  hooks.onIngest(attached);
  const unsubscribe = sub.fragments.subscribe({
    onInit: (init) => {
      hooks.onProbe({ mode, codec, width: init.width, height: init.height, via: 'sub' });
      hooks.onFilm(init);
    },
    onFragment: hooks.onFragment,
  });
  return {
    ingest: attached,
    end: () => {
      unsubscribe();
      leave();
    },
  };
}
