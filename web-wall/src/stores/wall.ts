import { defineStore } from 'pinia';
import { computed } from 'vue';
import { call } from '../api/client.ts';
import { applyDelta } from '../live/applyDelta.ts';
import { openLive } from '../live/liveClient.ts';
import type { LiveClient } from '../live/liveClient.ts';
import { createLiveState } from '../live/liveState.ts';

/** The scope that this browser follows live: its snapshot, kept up to date, and how the connection stands. */
export const useWall = defineStore('wall', () => {
  const { snapshot, status, since, heardAt, refusal, alertRaised, alertChanged, signedOut, walls, handlers } =
    createLiveState();
  let live: LiveClient | null = null;

  /** Follows a region from now on. What is shown of another one is let go at once. */
  function follow(region: string): void {
    if (snapshot.value && snapshot.value.scope.code !== region) snapshot.value = null;
    refusal.value = null;
    live ??= openLive('', handlers);
    live.follow(region);
  }

  /** Watches a wall. @returns the way to stop */
  function watchWall(id: string): () => void {
    live ??= openLive('', handlers);
    live.watchWall(id);
    return () => {
      live?.unwatchWall(id);
    };
  }

  function leave(): void {
    live?.close();
    live = null;
    snapshot.value = null;
  }

  /** @throws ApiError when the centre refuses or cannot be reached */
  async function acknowledge(id: number): Promise<void> {
    const alert = await call('POST /api/alerts/:id/actions', {
      params: { id },
      body: { action: 'acknowledge' },
    });
    if (snapshot.value) snapshot.value = applyDelta(snapshot.value, { type: 'alert', alert });
  }

  return {
    snapshot,
    status,
    since,
    heardAt,
    refusal,
    zone: computed(() => snapshot.value?.scope.zone ?? 'Asia/Shanghai'),
    stale: computed(() => status.value !== 'connected'),
    onAlertRaised: alertRaised.on,
    onAlertChanged: alertChanged.on,
    onSignedOut: signedOut.on,
    walls,
    watchWall,
    follow,
    leave,
    acknowledge,
  };
});
