import { inScope, regionPrefix, type RuleSettings, type Ruleset } from '@mingjing/contracts';
import { readParameters, type Rule } from '../rule.ts';

/** A rule that runs in a region, with its parameters there. */
export interface Enabled<R extends Rule> {
  rule: R;
  parameters: Readonly<Record<string, number>>;
}

/** A rule's settings in a region: what the city says, then what each region on the way down says otherwise. */
function settingsIn(
  settings: RuleSettings,
  region: string,
): { enabled: boolean; parameters: Record<string, unknown> } {
  let { enabled } = settings;
  let parameters = settings.parameters;
  const overrides = (settings.regions ?? [])
    .filter((one) => inScope(one.region, region))
    .sort((a, b) => regionPrefix(a.region).length - regionPrefix(b.region).length);
  for (const one of overrides) {
    enabled = one.enabled ?? enabled;
    parameters = { ...parameters, ...one.parameters };
  }
  return { enabled, parameters };
}

/**
 * Checks the settings of every rule, also of those that are off and of every region's own.
 * @throws RangeError that names rule, region, parameter, value and what was expected
 */
export function checkSettings(ruleset: Pick<Ruleset, 'rules'>, rules: readonly Rule[]): void {
  for (const [id, settings] of Object.entries(ruleset.rules)) {
    const rule = rules.find((one) => one.id === id);
    if (!rule) {
      const known = rules.map((one) => one.id).join(', ');
      throw new RangeError(`rules.${id} is not known: expected one of: ${known}`);
    }
    readParameters(rule, settings.parameters);
    const seen = new Set<string>();
    for (const { region, parameters } of settings.regions ?? []) {
      if (seen.has(region))
        throw new RangeError(`rules.${id}.regions: ${region} is named twice: expected once`);
      seen.add(region);
      if (parameters) readParameters(rule, parameters, `rules.${id}.regions.${region}`);
    }
  }
}

/** Chooses, per region, the rules that run there and their parameters. A rule that is not named is off. */
export function rulesByRegion<R extends Rule>(
  ruleset: Pick<Ruleset, 'rules'>,
  rules: readonly R[],
): (region: string) => Enabled<R>[] {
  const byRegion = new Map<string, Enabled<R>[]>();
  return (region) => {
    let enabled = byRegion.get(region);
    if (!enabled) {
      enabled = rules.flatMap((rule) => {
        const settings = ruleset.rules[rule.id];
        const own = settings && settingsIn(settings, region);
        return own?.enabled ? [{ rule, parameters: readParameters(rule, own.parameters) }] : [];
      });
      byRegion.set(region, enabled);
    }
    return enabled;
  };
}
