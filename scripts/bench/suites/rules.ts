import { backtest } from '../rules/backtest.ts';
import { memory } from '../rules/memory.ts';
import { restart } from '../rules/restart.ts';
import { throughput } from '../rules/throughput.ts';
import { openStand } from '../stand.ts';
import type { Suite } from '../suite.ts';

/** The rules engine: how fast beside others, how much memory, how soon after a restart, and over history. */
export const rulesSuite: Suite = {
  name: 'rules',
  about: 'events per second through the engine, memory per clock, restart with a million clocks, backtest',
  async run(log) {
    const figures = [...(await throughput(log)), ...memory()];
    const stand = await openStand(log);
    try {
      return [...figures, ...(await restart(stand, log)), ...(await backtest(stand, log))];
    } finally {
      await stand.close();
    }
  },
};
