import { expect, it } from '@jest/globals';
import { defaultRuleset } from '../ruleset/presets.ts';
import { event, look } from '../../test/events.ts';
import { clockSpecsOf } from './caseClocks.ts';

it('no clock of one case is called like one of another', () => {
  const namesOf = (caseNo: string, order: string): string[] => {
    const issued = event('order.issued', '2026-10-21T09:00:00+08:00', { caseNo, order });
    const input = look([issued], '2026-10-22T00:00:00+08:00');
    return clockSpecsOf(input.state, { ...input, limits: defaultRuleset.limits }).map(
      ({ clockId }) => clockId,
    );
  };
  const names = [namesOf('X', 'B:C'), namesOf('X:B', 'C'), namesOf('X', 'B%3AC')].flat();
  expect(names).toHaveLength(3);
  expect(new Set(names).size).toBe(3);
});
