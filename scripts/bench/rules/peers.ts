import { ZenEngine } from '@gorules/zen-engine';
import type { Rung, StoredObservation } from '@mingjing/contracts';
import { HistoryEngine } from '@mingjing/rules';
import { Engine } from 'json-rules-engine';
import { world } from './events.ts';

const RUNGS: Rung[] = ['notice', 'yellow', 'red'];
/** Every level has its clock, every clock three rungs: fifteen rules. */
const LEVELS = ['case', 'stage', 'delivery', 'order', 'complaint'] as const;
const NEVER = Number.MAX_SAFE_INTEGER;

/** What the peers are told of an event: the instant, and when each rung of each clock is reached, worked out for them. */
export type Facts = Record<string, number>;

/**
 * Prepares the facts of each event, which costs the peers nothing: what our engine works out for itself by
 * folding the case and counting its days.
 */
export function prepareFacts(events: readonly StoredObservation[]): Facts[] {
  const engine = new HistoryEngine(world);
  const rungs = new Map<string, Facts>();
  const none: Facts = Object.fromEntries(
    LEVELS.flatMap((level) => RUNGS.map((rung) => [`${level}_${rung}`, NEVER])),
  );
  return events.map((event) => {
    for (const change of engine.take(event)) {
      if (change.type !== 'clock' || change.clock.level !== 'case') continue;
      const reached = change.rungs.map(({ rung, at }) => [`case_${rung}`, at ?? NEVER]);
      rungs.set(change.caseId, Object.fromEntries(reached) as Facts);
    }
    const caseNo = String(event.data['caseNo']);
    return { ...none, ...rungs.get(`${event.region}:${caseNo}`), now: event.observedAt };
  });
}

/** Judges each event by json-rules-engine. @returns how many rungs were reached */
export async function byJsonRules(facts: readonly Facts[]): Promise<number> {
  const engine = new Engine();
  for (const level of LEVELS) {
    for (const rung of RUNGS) {
      engine.addRule({
        conditions: {
          all: [{ fact: 'now', operator: 'greaterThanInclusive', value: { fact: `${level}_${rung}` } }],
        },
        event: { type: rung, params: { level } },
      });
    }
  }
  let reached = 0;
  for (const one of facts) reached += (await engine.run(one)).events.length;
  return reached;
}

/** The same rules as a decision table of zen-engine. */
function decisionTable() {
  const rules = LEVELS.flatMap((level) =>
    RUNGS.map((rung) => ({
      _id: `${level}_${rung}`,
      condition: `now >= ${level}_${rung}`,
      rung: `"${rung}"`,
      level: `"${level}"`,
    })),
  );
  const content = {
    hitPolicy: 'collect',
    inputs: [{ id: 'condition', name: 'condition' }],
    outputs: [
      { id: 'rung', name: 'rung', field: 'rung' },
      { id: 'level', name: 'level', field: 'level' },
    ],
    rules,
  };
  const place = { position: { x: 0, y: 0 } };
  return {
    nodes: [
      { id: 'in', type: 'inputNode', name: 'in', ...place },
      { id: 'table', type: 'decisionTableNode', name: 'table', content, ...place },
      { id: 'out', type: 'outputNode', name: 'out', ...place },
    ],
    edges: [
      { id: 'a', sourceId: 'in', targetId: 'table', type: 'edge' },
      { id: 'b', sourceId: 'table', targetId: 'out', type: 'edge' },
    ],
  };
}

/** How many evaluations zen-engine has under way at once: it works in threads of its own. */
const AT_ONCE = 64;

/** Judges each event by zen-engine. @returns how many rungs were reached */
export async function byZen(facts: readonly Facts[]): Promise<number> {
  const engine = new ZenEngine();
  const decision = engine.createDecision(decisionTable());
  let reached = 0;
  for (let at = 0; at < facts.length; at += AT_ONCE) {
    const answers = await Promise.all(facts.slice(at, at + AT_ONCE).map((one) => decision.evaluate(one)));
    for (const { result } of answers) reached += (result as unknown[]).length;
  }
  engine.dispose();
  return reached;
}
