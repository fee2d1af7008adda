import { describe, expect, it } from '@jest/globals';
import { shippedRules } from '../rules/registry.ts';
import { exampleAlert, rulePage, rulePages } from './rulePage.ts';

describe('the page of a rule', () => {
  it.each(shippedRules.map((rule) => [rule.id, rule] as const))(
    '%s tells what it finds in its example',
    (id, rule) => {
      const alert = exampleAlert(rule);
      expect(alert.rule).toBe(id);
      expect(rulePage(rule)).toContain(alert.reason.zh);
      expect(rulePages().get('README.md')).toContain(`(${id}.md)`);
    },
  );

  it('says which rule has no example', () => {
    const [rule] = shippedRules;
    if (!rule) throw new Error('no rules are shipped');
    expect(() => rulePage({ ...rule, id: 'unheard-of' })).toThrow('rule unheard-of has no example');
  });
});
