import type { CaseEventKind, Matter, Millis, Region, StoredObservation } from '@mingjing/contracts';
import { foldCase } from '../fold/foldCase.ts';
import type { CaseInput } from '../model.ts';

export const EXAMPLE_REGION: Region = {
  code: '130681',
  name: '涿州市',
  nameEn: 'Zhuozhou',
  tier: 'county',
  parent: '130600',
  zone: 'Asia/Shanghai',
  calendar: 'cn',
};

/** The matter of the examples: ten working days, three steps. */
export const EXAMPLE_MATTER: Matter = {
  id: 'gas-licence',
  name: '燃气经营许可',
  nameEn: 'Gas supply licence',
  departmentKind: 'housing',
  legal: { workingDays: 20 },
  legalBasis: '《行政许可法》第四十二条',
  promised: { workingDays: 10 },
  stages: ['材料审查', '现场踏勘', '审定'],
  stageLimits: { 现场踏勘: { workingDays: 3 } },
  delivery: { workingDays: 10 },
};

/** What happened, when ("11-02 09:00", local time of 2026), and what was told with it. */
export type Happened = readonly [kind: CaseEventKind, at: string, data?: Record<string, unknown>];

export function instant(at: string): Millis {
  return Date.parse(`2026-${at.replace(' ', 'T')}:00+08:00`);
}

/**
 * A case made of a few events, each told the moment it happened unless its data says otherwise (`toldAt`).
 * @param at when it is looked at
 */
export function exampleCase(
  at: string,
  happened: readonly Happened[],
  more: Partial<CaseInput> = {},
): CaseInput {
  const events = happened.map(([kind, time, { toldAt, ...data } = {}], index): StoredObservation => ({
    ...{ seq: index + 1, source: 'housing', id: `${index + 1}`, kind, region: EXAMPLE_REGION.code },
    observedAt: instant(time),
    receivedAt: instant(typeof toldAt === 'string' ? toldAt : time),
    data: { region: EXAMPLE_REGION.code, caseNo: 'ZJ-2026-001', matter: EXAMPLE_MATTER.id, ...data },
  }));
  const state = foldCase(events);
  if (!state) throw new RangeError('an example needs at least one event of a case');
  return {
    ...{ type: 'case', at: instant(at), state, matter: EXAMPLE_MATTER, region: EXAMPLE_REGION, issued: [] },
    departmentName: { zh: '住建局', en: 'Housing bureau' },
    ...more,
  };
}
