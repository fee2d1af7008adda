import { describe, expect, test } from '@jest/globals';
import type { Alert } from '@mingjing/contracts';
import { admits, filtersOf, NO_FILTERS, withAlert } from './filters.ts';
import type { AlertFilters } from './filters.ts';

const alert: Alert = {
  id: 7,
  kind: 'red',
  state: 'open',
  rule: 'overdue',
  ruleVersion: 1,
  region: '130681',
  regionName: '涿州市',
  department: '涿州市住建局',
  departmentEn: 'Zhuozhou Housing',
  matter: '建筑工程施工许可',
  matterEn: 'Construction permit',
  caseId: '130681:ZJ-1',
  caseNo: 'ZJ-1',
  sourceId: null,
  hall: null,
  counter: null,
  officer: null,
  title: { zh: '逾期未办结', en: 'overdue' },
  reason: { zh: '已用 17 个工作日', en: '17 working days used' },
  at: 0,
  raisedAt: 0,
  changedAt: 0,
};

describe('an alert that the feed tells of', () => {
  test.each<[string, Partial<AlertFilters>, boolean]>([
    ['no filter', {}, true],
    ['its kind among several', { kind: ['yellow', 'red'] }, true],
    ['another kind', { kind: ['risk'] }, false],
    ['another state', { state: ['acknowledged'] }, false],
    ['its department, by id', { department: 'zhuozhou-housing' }, true],
    ['words of its reason, in any case', { text: 'WORKING days' }, true],
    ['words it does not hold', { text: '卫生局' }, false],
    ['a period that begins with it', { since: '1970-01-01T08:00:00+08:00' }, true],
    ['a period that ends with it', { until: '1970-01-01T08:00:00+08:00' }, false],
  ])('%s', (_, filters, shown) => {
    const name = filters.department === undefined ? null : '涿州市住建局';
    expect(admits({ ...NO_FILTERS, ...filters }, name, alert)).toBe(shown);
  });

  test('is refused by the filter for another department', () => {
    expect(admits({ ...NO_FILTERS, department: 'zhuozhou-health' }, '涿州市卫生局', alert)).toBe(false);
  });
});

test('an address may hold kinds and times that do not exist: they are passed over', () => {
  const address: Record<string, string[]> = { kind: ['red', 'purple', '<script>'], since: ['2026-02-30'] };
  expect(filtersOf((key) => address[key] ?? [])).toEqual({ ...NO_FILTERS, kind: ['red'] });
});

test('a changed alert keeps its place, a new one comes by its number', () => {
  const older = { ...alert, id: 3 };
  const list = withAlert(withAlert([older], alert), { ...older, state: 'acknowledged' });
  expect(list.map(({ id, state }) => [id, state])).toEqual([
    [7, 'open'],
    [3, 'acknowledged'],
  ]);
});
