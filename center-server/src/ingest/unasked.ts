import type { Queryable } from '../store/database.ts';
import { grantedAt } from '../store/unmaskings/grantedAt.ts';
import type { Checked } from './check.ts';

interface Captured {
  screen: string;
  masked: boolean;
}

/**
 * Refuses unmasked pictures for which nobody had a permission at the time they were taken: nothing unmasked is kept
 * unless it was asked for before. Whatever else there is stays as it is.
 */
export async function refuseUnasked(db: Queryable, checked: Checked[]): Promise<Checked[]> {
  const unmasked = checked.flatMap((result, index) => {
    if (!result.ok || result.row.kind !== 'screen.captured') return [];
    const { screen, masked } = JSON.parse(result.row.data) as Captured;
    return masked
      ? []
      : [{ index, screen, region: result.row.region, at: result.row.observedAt, row: result.row }];
  });
  if (unmasked.length === 0) return checked;
  const granted = await grantedAt(db, unmasked);
  const answers = [...checked];
  unmasked.forEach(({ index, screen, row }, at) => {
    if (granted.has(at)) return;
    const reason = `data.masked: nobody was allowed to see screen "${screen}" unmasked at that time`;
    answers[index] = { ok: false, id: row.id, kind: row.kind, reason };
  });
  return answers;
}
