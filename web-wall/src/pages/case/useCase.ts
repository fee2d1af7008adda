import type { CaseDetail } from '@mingjing/contracts';
import { useIntervalFn } from '@vueuse/core';
import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import type { ShallowRef } from 'vue';
import { call } from '../../api/client.ts';
import { useWall } from '../../stores/wall.ts';

/** A clock moves on by itself: an open case is projected anew every so often. */
const EVERY_MS = 60_000;

interface Case {
  item: ShallowRef<CaseDetail | null>;
  failure: ShallowRef<unknown>;
  load: () => Promise<void>;
}

/** One case, read anew whenever the live feed tells that it moved. What was read stays until the next has come. */
export function useCase(caseId: () => string): Case {
  const wall = useWall();
  const item = shallowRef<CaseDetail | null>(null);
  const failure = shallowRef<unknown>(null);

  async function load(): Promise<void> {
    const asked = caseId();
    try {
      const answer = await call('GET /api/cases/:caseId', { params: { caseId: asked } });
      if (asked !== caseId()) return;
      item.value = answer;
      failure.value = null;
    } catch (error) {
      if (asked === caseId()) failure.value = error;
    }
  }

  watch(
    caseId,
    () => {
      item.value = null;
      failure.value = null;
      void load();
    },
    { immediate: true },
  );
  const moved = computed(() => {
    const tick = wall.snapshot?.recent.find((held) => held.caseId === caseId());
    return tick ? `${tick.at} ${tick.kind}` : '';
  });
  watch(moved, (now) => {
    if (now !== '') void load();
  });
  const { off } = wall.onAlertChanged((alert) => {
    if (alert.caseId === caseId()) void load();
  });
  onScopeDispose(off);
  useIntervalFn(() => {
    if (item.value?.endedAt === null) void load();
  }, EVERY_MS);
  return { item, failure, load };
}
