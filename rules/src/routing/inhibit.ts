import { rungSchema, type AlertKind } from '@mingjing/contracts';
import type { Inhibitor, RoutedAlert } from './model.ts';
import { wait, type Stage } from './view.ts';

const RUNGS: readonly AlertKind[] = rungSchema.options;

/** The clock of a card's alert: its fingerprint without the rung; null for other alerts. */
function clockOf({ fingerprint }: Pick<RoutedAlert, 'fingerprint'>): string | null {
  return fingerprint.startsWith('card|') ? fingerprint.slice(0, fingerprint.lastIndexOf('|')) : null;
}

/** The fingerprints of the cards of the same clock that speak for a card: red for yellow, both for a notice. */
export function worseCards({ fingerprint, kind }: Pick<RoutedAlert, 'fingerprint' | 'kind'>): string[] {
  const clock = clockOf({ fingerprint });
  const rank = RUNGS.indexOf(kind);
  if (clock === null || rank === -1) return [];
  return RUNGS.slice(rank + 1).map((rung) => `${clock}|${rung}`);
}

/** The fingerprints of the cards of the same clock for which a card speaks. */
export function milderCards({ fingerprint, kind }: Pick<RoutedAlert, 'fingerprint' | 'kind'>): string[] {
  const clock = clockOf({ fingerprint });
  if (clock === null) return [];
  return RUNGS.slice(0, Math.max(RUNGS.indexOf(kind), 0)).map((rung) => `${clock}|${rung}`);
}

/** The sources without whose data nobody knows whether an alert still holds. */
export function restsOn({
  caseId,
  source,
  tellers = [],
}: Pick<RoutedAlert, 'caseId' | 'source' | 'tellers'>): readonly string[] {
  return caseId !== null && source !== null ? [source] : tellers;
}

function speaksFor(one: Inhibitor, alert: RoutedAlert): boolean {
  if (one.id === alert.id) return false;
  if (worseCards(alert).includes(one.fingerprint)) return true;
  // Without its data nobody knows whether the case is still late, or the camera still without a picture.
  return one.kind === 'silent' && one.source !== null && restsOn(alert).includes(one.source);
}

/** 抑制: where another standing alert says it already, or takes the ground from under it. */
export const inhibit: Stage = ({ alert, inhibitors }) => {
  const found = inhibitors.filter((one) => speaksFor(one, alert));
  const by = found.find((one) => one.kind === 'silent') ?? found[0];
  if (!by) return null;
  const reason =
    by.kind === 'silent'
      ? {
          name: 'inhibited-by-silence',
          zh: `所依据的数据已中断（${by.title.zh}），恢复之前不告知。`,
          en: `The data it rests on has stopped (${by.title.en}): not told before it is back.`,
        }
      : {
          name: 'inhibited-by-worse-card',
          zh: '同一时限已有更重的牌，不另行告知。',
          en: 'A worse card of the same clock stands: not told beside it.',
        };
  return wait('inhibit', reason, null, { by: 'inhibition', id: by.id });
};
