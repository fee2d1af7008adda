import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { StoredObservation } from '@mingjing/contracts';
import { HistoryEngine, type HistoryOptions } from '@mingjing/rules';
import type { Figure } from '../suite.ts';
import { makeEvents, world } from './events.ts';

const CLOCKS = 100_000;
const START = Date.parse('2026-03-02T01:00:00Z');

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heap(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

/** In a function of its own: the other events must not stay on anybody's stack. */
function acceptedEvents(): StoredObservation[] {
  return makeEvents(CLOCKS * 4, START).filter(({ kind }) => kind === 'case.accepted');
}

/** Bytes that an engine over a history grows by for each open clock. */
function bytesPerClock(more: Partial<HistoryOptions>): number {
  const accepted = acceptedEvents();
  const before = heap();
  const engine = new HistoryEngine({ ...world, ...more });
  for (const event of accepted) engine.take(event);
  const grown = (heap() - before) / CLOCKS;
  // Keeps the engine and the events alive until it was measured.
  if (engine.standing().cards.length > 0 || accepted.length !== CLOCKS) throw new Error('no open clocks');
  return grown;
}

/** Memory per open clock of the engine over a history; the live centre's own comes with the restart. */
export function memory(): Figure[] {
  const none = { suite: 'rules', unit: 'bytes', peer: null, ratio: null, bar: null, pass: null };
  return [
    { ...none, name: 'history engine, per open clock with its case', value: bytesPerClock({}) },
    { ...none, name: 'the same, events kept by the caller', value: bytesPerClock({ eventsOf: () => [] }) },
  ];
}
