import type { CaseEventKind, Card, Matter, Region, StoredObservation } from '@mingjing/contracts';
import { foldCase, type CaseInput, type CaseState, type EngineChange } from '../src/index.ts';

export const at = (text: string): number => Date.parse(text);

export const zhuozhou: Region = {
  code: '130681',
  name: '涿州市',
  nameEn: 'Zhuozhou',
  tier: 'county',
  parent: '130600',
  zone: 'Asia/Shanghai',
  calendar: 'cn',
};

export const permit: Matter = {
  id: 'construction-permit',
  name: '建筑工程施工许可',
  nameEn: 'Construction permit',
  departmentKind: 'housing',
  legal: { workingDays: 20 },
  legalBasis: '《行政许可法》第四十二条',
  promised: { workingDays: 15 },
  stages: ['受理', '初审', '复核', '决定'],
};

let last = 0;

/** An event of case ZJ-2026-004417 as the centre keeps it. */
export function event(
  kind: CaseEventKind,
  time: string,
  data: Record<string, unknown> = {},
  id?: string,
): StoredObservation {
  last += 1;
  return {
    seq: last,
    source: 'housing',
    id: id ?? `e${last}`,
    kind,
    region: '130681',
    observedAt: at(time),
    receivedAt: at(time) + 1000,
    data: { region: '130681', caseNo: 'ZJ-2026-004417', ...data },
  };
}

/** The state of events that are known to tell of a case. */
export function folded(events: StoredObservation[]): CaseState {
  const state = foldCase(events);
  if (!state) throw new Error('the events tell of no case');
  return state;
}

export function look(events: StoredObservation[], time: string, more: Partial<CaseInput> = {}): CaseInput {
  const departmentName = { zh: '住建局', en: 'Housing bureau' };
  return {
    ...{ type: 'case', at: at(time), state: folded(events), matter: permit, region: zhuozhou, issued: [] },
    ...{ departmentName },
    ...more,
  };
}

/** The cards that changes issue. */
export function cardsOf(changes: EngineChange[]): Card[] {
  return changes.flatMap((change) => (change.type === 'card.issued' ? [change.card] : []));
}
