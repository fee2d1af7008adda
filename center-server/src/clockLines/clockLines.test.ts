import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { answerLine } from './answer.ts';
import { LONGEST_LINE, readLines } from './readLines.ts';

const basic = {
  id: 'a',
  start: '2026-11-09T09:00:00+08:00',
  budget: { workingDays: 3 },
  asOf: '2026-11-10T12:00:00+08:00',
};
const answer = (more: object, explain = false): unknown =>
  answerLine(JSON.stringify({ ...basic, ...more }), 1, explain);
const stopped = (from: string, to: string | null): object => ({ suspensions: [{ from, to }] });

describe('mingjing clock answers', () => {
  it.each([
    ['on day 1 of 3', {}, { due: '2026-11-12', overdue: false, remaining: 2 }],
    [
      'before the start',
      { asOf: '2026-11-01T00:00:00Z' },
      { due: '2026-11-12', overdue: false, remaining: 3 },
    ],
    [
      'an end at the last hour of the due date',
      { end: '2026-11-12T23:59:59.9999+08:00' },
      { overdue: false },
    ],
    ['an end after it', { end: '2026-11-13T00:00:00+08:00' }, { overdue: true, remaining: 0 }],
    [
      'by its end, not by asOf',
      { end: '2026-11-11T00:00:00Z', asOf: '2027-01-01T00:00:00Z' },
      { overdue: false },
    ],
    ['an end before the start', { end: '2026-11-01T00:00:00Z' }, { due: '2026-11-12', remaining: 3 }],
    [
      'while it stands',
      stopped('2026-11-12T23:59:00+08:00', null),
      { due: null, overdue: false, remaining: 2 },
    ],
    ['stopped after the due date', stopped('2026-11-13T00:00:00+08:00', null), { due: '2026-11-12' }],
    [
      'ended while it stood',
      { ...stopped('2026-11-10T09:00:00+08:00', null), end: '2027-01-10T09:00:00+08:00' },
      { due: null, overdue: false, remaining: 3 },
    ],
    [
      'stopped over one midnight',
      stopped('2026-11-10T23:00:00+08:00', '2026-11-11T01:00:00+08:00'),
      { due: '2026-11-13' },
    ],
    [
      'stopped within a day',
      stopped('2026-11-10T09:00:00+08:00', '2026-11-10T17:00:00+08:00'),
      { due: '2026-11-12' },
    ],
    [
      'stopped until midnight',
      stopped('2026-11-10T09:00:00+08:00', '2026-11-11T00:00:00+08:00'),
      { due: '2026-11-13' },
    ],
    [
      'stopped for no time',
      stopped('2026-11-10T09:00:00+08:00', '2026-11-10T09:00:00+08:00'),
      { due: '2026-11-12' },
    ],
    [
      'stopped from before the start',
      stopped('2026-11-01T09:00:00+08:00', '2026-11-11T09:00:00+08:00'),
      { due: '2026-11-13' },
    ],
    [
      'extended after the due date',
      { extensions: [{ at: '2026-11-20T09:00:00+08:00', workingDays: 10 }] },
      { due: '2026-11-26', remaining: 12 },
    ],
    [
      'rolled past a suspension that covers the next working day',
      { budget: { calendarDays: 5 }, ...stopped('2026-11-15T09:00:00+08:00', '2026-11-18T09:00:00+08:00') },
      { due: '2026-11-16' },
    ],
    [
      'rolled, waited for, not counted',
      { budget: { calendarDays: 5 }, asOf: '2026-11-15T09:00:00+08:00' },
      { due: '2026-11-16', overdue: false, remaining: 0 },
    ],
    ['not rolled', { budget: { calendarDays: 5 }, roll: 'none' }, { due: '2026-11-14', remaining: 4 }],
    [
      'half an hour',
      { budget: { workingHours: 7.7 }, asOf: '2026-11-09T10:30:00+08:00' },
      { due: '2026-11-10T10:12:00+08:00', remaining: 6.2 },
    ],
    [
      'the last opening hour',
      { budget: { workingHours: 15 }, hours: [['00:00', '24:00']] },
      { due: '2026-11-10T00:00:00+08:00' },
    ],
    [
      'a planned instant to the nanosecond, as it was given',
      { budget: { until: '2026-11-12T08:00:00.0000005Z' }, end: '2026-11-12T08:00:00.000000501Z' },
      { due: '2026-11-12T08:00:00.0000005Z', overdue: true, remaining: null },
    ],
    [
      'a year without a notice',
      { start: '2027-03-01T09:00:00+08:00' },
      { due: '2027-03-04', provisional: true },
    ],
    [
      'plain weekdays in such a year',
      { start: '2027-03-01T09:00:00+08:00', calendar: 'weekdays' },
      { provisional: false },
    ],
    [
      'what remains in such a year',
      { start: '2027-03-01T09:00:00+08:00', ...stopped('2027-03-03T09:00:00+08:00', null) },
      { due: null, provisional: true },
    ],
  ])('%s', (_, more, expected) => {
    expect(answer(more)).toMatchObject({ id: 'a', ...expected });
  });

  it('lists every day, with the reason where it does not count', () => {
    const { days } = answer(
      { ...stopped('2026-11-10T09:00:00+08:00', '2026-11-11T09:00:00+08:00') },
      true,
    ) as {
      days: { date: string; mark: string; counted: boolean }[];
    };
    expect(days.map(({ date, mark, counted }) => [date.slice(8), mark, counted])).toEqual([
      ['09', 'start', false],
      ['10', 'suspended', false],
      ['11', 'counted', true],
      ['12', 'counted', true],
      ['13', 'counted', true],
    ]);
  });

  it.each([
    [{ start: undefined }, /^start: missing/],
    [{ start: '2026-11-09' }, /^start: "2026-11-09" is not a time: expected/],
    [{ start: '2026-02-30T00:00:00Z' }, /^start: .*does not exist/],
    [{ zone: 'Mars/Phobos' }, /^zone: "Mars\/Phobos" is not known: expected an IANA zone/],
    [{ calendar: 'us' }, /^calendar: "us": .*"cn"/],
    [{ budget: {} }, /^budget: \{\}: expected exactly one of/],
    [{ budget: { workingDays: 1.5 } }, /^budget.workingDays: 1.5: .*int/],
    [{ budget: { workingHours: 0 } }, /^budget.workingHours: 0: .*>0/],
    [{ budget: { days: 3 } }, /^budget.days: 3: there is no such field/],
    [{ suspension: [] }, /^suspension: \[\]: there is no such field/],
    [{ extensions: [{ at: basic.start, workingHours: 3 }] }, /^extensions.0: .*expected workingDays/],
    [
      {
        hours: [
          ['09:00', '12:00'],
          ['11:00', '17:00'],
        ],
      },
      /^hours: .*do not overlap/,
    ],
    [{ hours: [['9', '12:00']] }, /^hours: .*"9" is not a time of day/],
    [
      stopped('2026-11-10T09:00:00+08:00', '2026-11-10T08:00:00+08:00'),
      /^suspensions.0.to: .*not before "from"/,
    ],
    [{ roll: 'back' }, /^roll: "back"/],
    [{ asOf: undefined }, /^asOf: missing: expected/],
    [{ budget: { workingHours: 99_999 }, hours: [['09:00', '09:01']] }, /^budget: not used up/],
  ])('and names what it does not understand: %j', (more, error) => {
    expect(answer(more)).toEqual({ id: 'a', error: expect.stringMatching(error) });
  });

  it('what is no object, and what has no id', () => {
    expect(answerLine('{"id":', 7, false)).toMatchObject({
      id: null,
      error: expect.stringMatching(/^line 7: /),
    });
    expect(answerLine('[1]', 8, false)).toEqual({
      id: null,
      error: 'line 8: [1]: expected an object in JSON',
    });
    expect(answer({ id: undefined })).toEqual({ id: null, error: expect.stringMatching(/^id: missing/) });
  });
});

describe('mingjing clock reads', () => {
  async function linesOf(...chunks: string[]): Promise<(string | null)[]> {
    const stream = async function* (): AsyncGenerator<string> {
      for (const chunk of chunks) yield await Promise.resolve(chunk);
    };
    const lines: (string | null)[] = [];
    for await (const { number, text: line } of readLines(stream()))
      lines.push(line === null ? null : `${number}${line}`);
    return lines;
  }

  it('lines wherever the chunks end, without a limit to their number but with one to their length', async () => {
    expect(await linesOf('\uFEFFa', 'b\r\n\n', '  \nc', '', 'd')).toEqual(['1ab', '4cd']);
    const half = 'x'.repeat(LONGEST_LINE / 2 + 1);
    expect(await linesOf(half, half, `${half}\ny\n`)).toEqual([null, '2y']);
  });

  it('standard input, answers in order and ends with 0 whatever came', async () => {
    const child = spawn(process.execPath, [path.join(import.meta.dirname, '../cli/clock.ts')], {
      env: { NODE_OPTIONS: '' },
    });
    const many = Array.from({ length: 2000 }, (_, id) =>
      id % 100 === 7 ? `{"id":${id}}` : JSON.stringify({ ...basic, id }),
    );
    child.stdin.end(many.join('\n'));
    const code = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect([await code, err]).toEqual([0, '']);
    const answers = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number; error?: string });
    expect(answers.map(({ id }) => id)).toEqual(many.map((_, id) => id));
    expect(answers.filter(({ error }) => error !== undefined)).toHaveLength(20);
  }, 60_000);
});
