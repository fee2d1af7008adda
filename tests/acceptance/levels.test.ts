import { afterEach, expect, test } from '@jest/globals';
import { failOnLeaks } from '../helpers/leaks.ts';
import { openStory, type Story } from '../helpers/story.ts';
import {
  accepted,
  appealed,
  applied,
  began,
  complained,
  complaintAnswered,
  completed,
  decided,
  delivered,
  notice,
  orderAnswered,
  ordered,
  red,
  risk,
  submitted,
  yellow,
} from '../helpers/storyWords.ts';

failOnLeaks();

const LIMIT_MS = 60_000;
let story: Story;
afterEach(() => story.end());

const PERMIT = '施工许可证核发';

test(
  'a stage that takes longer than its limit is a notice, while the case itself is in time',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall, publishes } = story;
    await publishes.matter('permit', { stageLimits: { 审查: { workingDays: 2 } } });
    await at('2026-03-02T09:00').observe(applied('环-1', 'permit'), applied('环-2', 'permit'));
    await at('2026-03-03T09:00').observe(began('环-1', '审查'), began('环-2', '审查'));
    await at('2026-03-05T16:00').observe(completed('环-2', '审查'));
    await until('2026-03-06T00:00:01');
    const alert = await wall.shows(notice('环-1', 'overdue-stage'), '2026-03-06T00:00');
    expect(alert.title.zh).toBe(`涿州市“${PERMIT}”环节“审查”逾期未完成`);
    expect(alert.reason).toEqual({
      zh: '办件 环-1 环节“审查”已用 3 个工作日，限 2 日，应于3月5日完成。',
      en: 'Case 环-1 step “审查” has used 3 working days, 2 allowed, due on 5 Mar.',
    });
    await wall.showsNo(notice('环-2'));
    const { overdue, dueDate, otherClocks } = await story.case('环-1');
    expect({ overdue, dueDate }).toEqual({ overdue: false, dueDate: '2026-03-16' });
    expect(otherClocks).toMatchObject([
      { level: 'stage', label: '审查', dueDate: '2026-03-05', overdue: true },
    ]);
  },
  LIMIT_MS,
);

test(
  'an order that nobody answers in time is red; one that was answered is not',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall } = story;
    await at('2026-03-02T09:00').observe(
      accepted('督-1', { workingDays: 30 }),
      accepted('督-2', { workingDays: 30 }),
    );
    await at('2026-03-03T09:00').observe(
      ordered('督-1', '〔2026〕1号', { workingDays: 2 }),
      ordered('督-2', '〔2026〕2号', { workingDays: 2 }),
    );
    await at('2026-03-05T17:00').observe(orderAnswered('督-2', '〔2026〕2号'));
    await until('2026-03-06T00:00:01');
    const { reason } = await wall.shows(red('督-1', 'overdue-order'), '2026-03-06T00:00');
    expect(reason.zh).toBe('办件 督-1 督办单 〔2026〕1号 已用 3 个工作日，限 2 日，应于3月5日回复。');
    await wall.showsNo(red('督-2'));
    // An answer that comes too late does not undo it.
    await at('2026-03-09T09:00').observe(orderAnswered('督-1', '〔2026〕1号'));
    await wall.shows(red('督-1', 'overdue-order'), '2026-03-06T00:00');
    const [order] = (await story.case('督-1')).otherClocks;
    expect(order).toMatchObject({ level: 'order', endedAt: Date.parse('2026-03-09T09:00:00+08:00') });
  },
  LIMIT_MS,
);

test(
  'a complaint about no case has a clock of its own: sixty days, and one that ends on a day off rolls',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall } = story;
    // The sixtieth day of either falls into the May holidays, 1 to 5 May.
    await at('2026-03-03T09:00').observe(complained('诉-1'), complained('诉-2'));
    expect((await story.case('诉-1')).otherClocks).toMatchObject([
      { level: 'complaint', label: '诉-1', dueDate: '2026-05-06', total: 60 },
    ]);
    await at('2026-05-06T16:00').observe(complaintAnswered('诉-2'));
    await until('2026-05-07T00:00:01');
    const { reason } = await wall.shows(yellow('诉-1', 'overdue-complaint'), '2026-05-07T00:00');
    expect(reason.zh).toContain('限 60 日，应于5月6日答复');
    await wall.showsNo(yellow('诉-2'));
  },
  LIMIT_MS,
);

test(
  'an appeal against a card has five working days, and does not stop the case’s own clock',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall } = story;
    await at('2026-03-02T09:00').observe(accepted('申-1', { workingDays: 5 }));
    await at('2026-03-09T10:00').observe(appealed('申-1', '申诉3'));
    await until('2026-03-17T00:00:01');
    await wall.shows(red('申-1', 'overdue'), '2026-03-10T00:00');
    const { reason } = await wall.shows(yellow('申-1', 'overdue-appeal'), '2026-03-17T00:00');
    expect(reason.zh).toBe('办件 申-1 申诉 申诉3 已用 6 个工作日，限 5 日，应于3月16日答复。');
  },
  LIMIT_MS,
);

test(
  'a licence that was granted must be delivered in ten days; one that was refused need not',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall, publishes } = story;
    await publishes.matter('permit', { delivery: { workingDays: 10 } });
    const all = ['证-1', '证-2', '证-3'] as const;
    await at('2026-03-02T09:00').observe(...all.map((no) => applied(no, 'permit')));
    await at('2026-03-04T15:00').observe(
      decided('证-1'),
      decided('证-2'),
      decided('证-3', { outcome: 'refused', reason: '不符合规划' }),
    );
    await at('2026-03-18T16:00').observe(delivered('证-2'));
    await until('2026-03-19T00:00:01');
    const alert = await wall.shows(yellow('证-1', 'overdue-delivery'), '2026-03-19T00:00');
    expect(alert.title.zh).toBe(`涿州市“${PERMIT}”证件逾期未送达`);
    for (const no of ['证-2', '证-3']) await wall.showsNo(yellow(no));
    expect((await story.case('证-3')).otherClocks).toEqual([]);
  },
  LIMIT_MS,
);

test(
  'an application that nobody accepts is told of when five working days are over, though no clock runs yet',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall } = story;
    await at('2026-03-02T09:00').observe(submitted('压-1'), submitted('压-2'));
    await at('2026-03-04T10:00').observe(accepted('压-2', { workingDays: 20 }));
    await until('2026-03-09T23:59:59');
    await wall.showsNo(risk('压-1'));
    await until('2026-03-10T00:00:01');
    const alert = await wall.shows(risk('压-1', 'late-acceptance'), '2026-03-10T00:00');
    expect(alert.reason.zh).toContain('应于3月9日前受理或告知补正，至今未受理');
    await wall.showsNo(risk('压-2'));
  },
  LIMIT_MS,
);
