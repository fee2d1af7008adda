import type { Alert, Delta, Problem, WallSnapshot, WallState } from '@mingjing/contracts';
import { createEventHook } from '@vueuse/core';
import type { EventHook } from '@vueuse/core';
import { ref, shallowRef } from 'vue';
import type { Ref, ShallowRef } from 'vue';
import { applyBatch } from './applyDelta.ts';
import type { LiveHandlers, LiveStatus } from './liveClient.ts';

export interface LiveState {
  snapshot: ShallowRef<WallSnapshot | null>;
  status: Ref<LiveStatus>;
  /** When the status began, ms since the epoch. */
  since: Ref<number>;
  /** When the last change or snapshot came, ms since the epoch. */
  heardAt: Ref<number>;
  refusal: ShallowRef<Problem | null>;
  alertRaised: EventHook<Alert>;
  /** Every alert that is told of, new or changed, also one that has ended. */
  alertChanged: EventHook<Alert>;
  signedOut: EventHook<undefined>;
  /** What each watched wall shows; null: there is no such wall. */
  walls: ShallowRef<Readonly<Record<string, WallState | null>>>;
  handlers: LiveHandlers;
}

/** What the live feed says, as reactive state; `handlers` are what the feed calls. */
export function createLiveState(): LiveState {
  const snapshot = shallowRef<WallSnapshot | null>(null);
  const status = ref<LiveStatus>('connecting');
  const since = ref(0);
  const heardAt = ref(0);
  const refusal = shallowRef<Problem | null>(null);
  const alertRaised = createEventHook<Alert>();
  const alertChanged = createEventHook<Alert>();
  const signedOut = createEventHook<undefined>();

  function take(deltas: Delta[]): void {
    if (!snapshot.value) return;
    const after = applyBatch(snapshot.value, deltas);
    snapshot.value = after.wall;
    heardAt.value = Date.now();
    for (const alert of after.raised) void alertRaised.trigger(alert);
    for (const delta of deltas) if (delta.type === 'alert') void alertChanged.trigger(delta.alert);
  }

  const walls = shallowRef<Readonly<Record<string, WallState | null>>>({});
  const handlers: LiveHandlers = {
    wallState: (wall, state) => {
      const held = walls.value[wall];
      if (held && state && held.rev > state.rev) return;
      walls.value = { ...walls.value, [wall]: state };
    },
    snapshot: (fresh) => {
      snapshot.value = fresh;
      refusal.value = null;
      heardAt.value = Date.now();
    },
    deltas: take,
    status: (now, at) => {
      status.value = now;
      since.value = at;
    },
    refused: (problem) => (refusal.value = problem),
    signedOut: () => void signedOut.trigger(undefined),
  };
  return { snapshot, status, since, heardAt, refusal, alertRaised, alertChanged, signedOut, walls, handlers };
}
