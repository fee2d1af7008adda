import { HistoryEngine, shippedRules } from '@mingjing/rules';
import type { Figure } from '../suite.ts';
import { makeEvents, world } from './events.ts';
import { byJsonRules, byZen, prepareFacts } from './peers.ts';

const EVENTS = 200_000;
/** The slow ones get fewer of the same events: their rate does not change with the number. */
const PEER_EVENTS = 20_000;
const ROUNDS = 5;
const BAR = 100_000;
const PEER_BAR = 15;
const START = Date.parse('2026-03-02T01:00:00Z');
const END = START + 120 * 86_400_000;

/** Events per second of one core: by the processor's time, for a shared machine gives only a part of a second. */
async function rateOf(count: number, work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return count / ((user + system) / 1e6);
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function figure(name: string, value: number, more: Partial<Figure> = {}): Figure {
  const none = { peer: null, ratio: null, bar: null, pass: null };
  return { suite: 'rules', name, value, unit: 'events/s', ...none, ...more };
}

/** Events per second and core through the engine with every shipped rule on, beside two rule engines. */
export async function throughput(log: (line: string) => void): Promise<Figure[]> {
  const events = makeEvents(EVENTS, START);
  const facts = prepareFacts(events.slice(0, PEER_EVENTS));
  const rounds: { ours: number; json: number; zen: number }[] = [];
  // In turn, so that all meet the same noise of a shared machine.
  for (let round = 0; round < ROUNDS; round++) {
    const ours = await rateOf(EVENTS, () => {
      const engine = new HistoryEngine(world);
      for (const event of events) engine.take(event);
      engine.finish(END);
    });
    const json = await rateOf(PEER_EVENTS, () => byJsonRules(facts));
    const zen = await rateOf(PEER_EVENTS, () => byZen(facts));
    const [a, b, c] = [ours, json, zen].map(Math.round);
    log(`round ${round + 1} of ${ROUNDS}: ${a} events/s, json-rules-engine ${b}, zen-engine ${c}`);
    // The first round warms up what is compiled while it runs.
    if (round > 0) rounds.push({ ours, json, zen });
  }
  const [ours, json, zen] = (['ours', 'json', 'zen'] as const).map((name) =>
    median(rounds.map((round) => round[name])),
  ) as [number, number, number];
  const ratio = median(rounds.map((round) => round.ours / round.json));
  const all = `engine, ${shippedRules.length} rules, folding and counting included, per core`;
  return [
    figure(all, ours, { bar: BAR, pass: ours >= BAR }),
    figure('engine beside json-rules-engine', ours, {
      ...{
        peer: 'json-rules-engine, 15 rules, facts prepared',
        ratio,
        bar: PEER_BAR,
        pass: ratio >= PEER_BAR,
      },
    }),
    figure('engine beside zen-engine', ours, {
      ...{ peer: 'zen-engine, 15 rules, facts prepared', ratio: ours / zen },
    }),
    figure('json-rules-engine, 15 rules, facts prepared, per core', json),
    figure('zen-engine, 15 rules, facts prepared, per core', zen),
  ];
}
