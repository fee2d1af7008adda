import type { AlertKind, KindRouting, RoutingPolicy } from '@mingjing/contracts';
import { inScope, regionPrefix } from '@mingjing/contracts';

/** What ships with the program: cards and risks to whoever watches, the centre's own troubles to whoever runs it. */
export const defaultRouting: RoutingPolicy = {
  kinds: {
    red: {
      tell: ['inspector', 'supervisor', 'leader'],
      escalateTo: ['inspector', 'supervisor', 'leader'],
      acknowledgeHours: 4,
      handleHours: 16,
      groupSeconds: 60,
    },
    yellow: {
      tell: ['inspector', 'supervisor'],
      escalateTo: ['inspector', 'supervisor'],
      acknowledgeHours: 8,
      handleHours: 24,
      groupSeconds: 300,
    },
    // A notice asks for nothing: it never goes up.
    notice: {
      tell: ['supervisor'],
      escalateTo: [],
      acknowledgeHours: null,
      handleHours: 40,
      groupSeconds: 900,
    },
    risk: {
      tell: ['inspector', 'supervisor'],
      escalateTo: ['inspector', 'leader'],
      acknowledgeHours: 8,
      handleHours: 24,
      groupSeconds: 60,
    },
    silent: {
      tell: ['inspector', 'administrator'],
      escalateTo: ['administrator'],
      acknowledgeHours: 2,
      handleHours: 8,
      groupSeconds: 120,
    },
    'rule-failed': {
      tell: ['administrator'],
      escalateTo: ['administrator'],
      acknowledgeHours: 8,
      handleHours: 24,
      groupSeconds: 300,
    },
    rating: {
      tell: ['supervisor'],
      escalateTo: ['supervisor'],
      acknowledgeHours: 8,
      handleHours: 24,
      groupSeconds: 300,
    },
  },
  reopenMinutes: 30,
};

/** How a kind of alert is routed in a region: the longest region's own, else the policy's; null where nobody is told. */
export function kindRouting(policy: RoutingPolicy, kind: AlertKind, region: string): KindRouting | null {
  const own = (policy.regions ?? [])
    .filter((one) => one.kinds[kind] !== undefined && inScope(one.region, region))
    .sort((a, b) => regionPrefix(b.region).length - regionPrefix(a.region).length)[0];
  const found = own?.kinds[kind] ?? policy.kinds[kind];
  return found && found.tell.length > 0 ? found : null;
}
