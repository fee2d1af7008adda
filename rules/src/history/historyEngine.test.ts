import { describe, expect, it } from '@jest/globals';
import type { StoredObservation } from '@mingjing/contracts';
import { at, cardsOf, event, permit, zhuozhou } from '../../test/events.ts';
import { shippedCalendars } from '../clock/calendars.ts';
import type { EngineChange } from '../model.ts';
import { defaultRuleset } from '../ruleset/presets.ts';
import { HistoryEngine } from './historyEngine.ts';

const DAY = 86_400_000;

function engineWith(latenessMs = 0): HistoryEngine {
  return new HistoryEngine({
    ruleset: defaultRuleset,
    directory: { region: () => zhuozhou, matter: () => permit, hall: () => null, department: () => null },
    calendars: shippedCalendars,
    latenessMs,
  });
}

const told = (changes: EngineChange[]): string[] =>
  changes.flatMap((change) => {
    if (change.type === 'card.issued') return [`issued ${change.card.rung}`];
    if (change.type === 'card.rescinded') return [`rescinded ${change.rung}: ${change.reason.en}`];
    return change.type === 'alert.raised' ? [`raised ${change.alert.rule}`] : [];
  });

// Day 15 is 10 November: yellow when day 14 begins, red after the last day.
const accepted = event('case.accepted', '2026-10-20T09:12:00+08:00', { officer: '11' });
const decided = (time: string): StoredObservation => event('case.decided', time, { officer: '02' });

describe('a history', () => {
  it('issues each rung at its own instant, before a later observation is applied', () => {
    const engine = engineWith();
    expect(told(engine.take(accepted))).toEqual([]);
    const changes = engine.take(decided('2026-11-12T10:00:00+08:00'));
    expect(told(changes)).toEqual(['issued notice', 'issued yellow', 'issued red']);
    expect(cardsOf(changes).map(({ at: since, issuedAt }) => [since, issuedAt])).toEqual(
      ['2026-11-04', '2026-11-09', '2026-11-11'].map((day) => [
        at(`${day}T00:00:00+08:00`),
        at(`${day}T00:00:00+08:00`),
      ]),
    );
    expect(told(engine.finish(at('2027-01-01T00:00:00+08:00')))).toEqual([]);
  });

  it('lets time pass without an observation, and holds what may still be contradicted', () => {
    const [strict, patient] = [engineWith(), engineWith(2 * DAY)];
    for (const engine of [strict, patient]) engine.take(accepted);
    const redAt = at('2026-11-11T00:00:00+08:00');
    strict.advanceTo(redAt - 1);
    expect(told(strict.advanceTo(redAt))).toEqual(['issued red']);
    patient.advanceTo(redAt);
    expect(told(patient.take(decided('2026-11-10T16:00:00+08:00')))).toEqual([]);
    expect(told(patient.finish(redAt + 9 * DAY))).toEqual([]);
  });

  it('takes back what a decision that arrives a week late contradicts, with the reason', () => {
    const engine = engineWith(DAY);
    engine.take(accepted);
    engine.advanceTo(at('2026-11-18T00:00:00+08:00'));
    expect(told(engine.take(decided('2026-11-09T16:00:00+08:00')))).toEqual([
      'rescinded red: The clock was counted anew (due on 10 Nov): it ended 9 Nov 16:00, before the red card of 11 Nov 00:00.',
    ]);
    expect(engine.standing().cards.map(({ rung }) => rung)).toEqual(['notice', 'yellow']);
  });
});
