import type { BacktestRequest, BacktestRun } from '@mingjing/contracts';
import { useIntervalFn } from '@vueuse/core';
import { computed, ref, shallowRef } from 'vue';
import type { ComputedRef, Ref, ShallowRef } from 'vue';
import { call } from '../../api/client.ts';
import { useErrorText } from '../../app/useErrorText.ts';

interface Backtest {
  run: ShallowRef<BacktestRun | null>;
  failure: Ref<string | null>;
  /** Waiting or running. */
  busy: ComputedRef<boolean>;
  /** Events read so far, 0 to 1. */
  progress: ComputedRef<number>;
  start: (request: BacktestRequest) => Promise<void>;
  cancel: () => Promise<void>;
}

const LOOK_EVERY_MS = 700;

/**
 * One backtest: started, watched while it runs, cancelled. The user's last one is found again.
 * @param username who may run one; without it none is looked for
 */
export function useBacktest(username: string | undefined): Backtest {
  const errorText = useErrorText();
  const run = shallowRef<BacktestRun | null>(null);
  const failure = ref<string | null>(null);
  const busy = computed(() => run.value?.state === 'waiting' || run.value?.state === 'running');
  const progress = computed(() => {
    const { events, total } = run.value?.progress ?? { events: 0, total: 0 };
    return total === 0 ? 0 : Math.min(1, events / total);
  });

  async function attempt(what: () => Promise<BacktestRun | null>): Promise<void> {
    try {
      run.value = await what();
      failure.value = null;
    } catch (error) {
      failure.value = errorText(error);
    }
  }
  const look = async (): Promise<void> => {
    const id = run.value?.id;
    if (id !== undefined && busy.value)
      await attempt(() => call('GET /api/backtests/:id', { params: { id } }));
  };
  useIntervalFn(() => void look(), LOOK_EVERY_MS);
  const findLast = async (): Promise<BacktestRun | null> => {
    const last = (await call('GET /api/backtests', {})).find(({ startedBy }) => startedBy === username);
    return last ? call('GET /api/backtests/:id', { params: { id: last.id } }) : null;
  };
  if (username !== undefined) void attempt(findLast);
  return {
    ...{ run, failure, busy, progress },
    start: (body) => attempt(() => call('POST /api/backtests', { body })),
    async cancel() {
      const id = run.value?.id;
      if (id === undefined) return;
      await attempt(async () => {
        await call('DELETE /api/backtests/:id', { params: { id } });
        return call('GET /api/backtests/:id', { params: { id } });
      });
    },
  };
}
