import { expect, test } from '@jest/globals';
import type { CaseSummary } from '@mingjing/contracts';
import { formatCaseStanding } from './standing.ts';

const at = (text: string): number => Date.parse(`${text}+08:00`);
const ZONE = 'Asia/Shanghai';
const open = {
  status: 'accepted',
  endedAt: null,
  dueDate: '2026-11-18',
  dueAt: at('2026-11-18T23:59:59.999'),
} as CaseSummary;
const standing = (change: Partial<CaseSummary>, now: string): [string, string] => {
  const { text, tone } = formatCaseStanding({ ...open, ...change }, at(now), ZONE, 'zh-CN');
  return [text, tone];
};

test('a limit in days is told in local days', () => {
  expect(standing({}, '2026-11-16T09:00')).toEqual(['剩 2 个自然日', 'left']);
  expect(standing({}, '2026-11-18T23:59')).toEqual(['今日到期', 'today']);
  expect(standing({}, '2026-11-19T00:01')).toEqual(['超 1 个自然日', 'over']);
});

test('a planned instant is told in elapsed time', () => {
  const planned = { dueDate: null, dueAt: at('2026-11-18T10:00') };
  expect(standing(planned, '2026-11-18T09:30')).toEqual(['剩 30 分钟', 'left']);
  expect(standing(planned, '2026-11-18T12:30')).toEqual(['超 2 小时', 'over']);
});

test('a case that has ended stands where it ended', () => {
  expect(standing({ status: 'decided', endedAt: at('2026-11-18T17:00') }, '2027-01-01T00:00')).toEqual([
    '按时',
    'none',
  ]);
  expect(standing({ status: 'decided', endedAt: at('2026-11-20T17:00') }, '2027-01-01T00:00')).toEqual([
    '超 2 个自然日',
    'over',
  ]);
});

test('a stopped clock has no due date', () => {
  expect(standing({ status: 'suspended', dueAt: null, dueDate: null }, '2026-11-18T09:00')[0]).toBe('停表中');
});
