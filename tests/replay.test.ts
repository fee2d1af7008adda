import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = path.resolve(import.meta.dirname, '..');
const RECEIPT = path.resolve(ROOT, '../shared/data/permits/receipt-a.xes.gz');
const AS_OF = ['--zone', 'Europe/Amsterdam', '--as-of', '2012-01-23T15:42:54.644+01:00'];
/** A whole centre is started, filled and judged: seconds here, more on a loaded machine. */
const LONG = 120_000;

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Runs `mingjing replay` as a user does, without any configuration of this machine. */
function replay(...args: string[]): Promise<Ended> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('MINGJING_')),
  );
  const child = spawn(process.execPath, [path.join(ROOT, 'collectors/src/cli/replay.ts'), ...args], {
    ...{ cwd: ROOT, env: { ...env, NODE_OPTIONS: '' }, stdio: ['ignore', 'pipe', 'pipe'] },
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

async function verdict(...args: string[]): Promise<unknown> {
  const { code, out, err } = await replay(...args, '--ephemeral', '--json');
  if (code !== 0) throw new Error(err);
  return JSON.parse(out);
}

let folder: string;
/** Answers as a centre that has no case of the source. */
const empty = createServer((_, response) => {
  const none = { total: 0, overdue: 0 };
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ cases: 0, events: 0, closed: none, open: none }));
});
let port: number;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'mingjing-logs-'));
  await new Promise<void>((resolve) => empty.listen(0, '127.0.0.1', resolve));
  port = (empty.address() as AddressInfo).port;
});
afterAll(async () => {
  await new Promise((resolve) => empty.close(resolve));
  rmSync(folder, { recursive: true });
});

const file = (name: string, content: string | Buffer): string => {
  const full = path.join(folder, name);
  writeFileSync(full, content);
  return full;
};

const dated = (key: string, value: string | undefined): string =>
  value === undefined ? '' : `<date key="${key}" value="${value}"/>`;
function trace(
  name: string,
  dates: { start?: string; end?: string; deadline?: string },
  times: (string | undefined)[],
): string {
  const events = times.map(
    (time) => `<event><string key="concept:name" value="x"/>${dated('time:timestamp', time)}</event>`,
  );
  const { start, end, deadline } = dates;
  const about = dated('startdate', start) + dated('enddate', end) + dated('deadline', deadline);
  return `<trace><string key="concept:name" value="${name}"/>${about}${events.join('')}</trace>`;
}

const isHere = existsSync(RECEIPT);
const onReceipt = isHere ? describe : describe.skip;

onReceipt(`replaying 732 real permits${isHere ? '' : ` (skipped: ${RECEIPT} is not here)`}`, () => {
  it(
    'finds those that passed their planned deadline, compared as instants',
    async () => {
      expect(await verdict(RECEIPT, '--clock', 'deadline', ...AS_OF)).toEqual({
        ...{ cases: 732, events: 4354 },
        closed: { total: 686, overdue: 183 },
        open: { total: 46, overdue: 13 },
      });
    },
    LONG,
  );

  it(
    'finds those that took more than 20 working days, the first one the day after acceptance',
    async () => {
      const report = await verdict(RECEIPT, '--clock', 'working-days:20', '--calendar', 'weekdays', ...AS_OF);
      expect(report).toMatchObject({
        cases: 732,
        closed: { total: 686, overdue: 568 },
        open: { total: 46, overdue: 39 },
      });
    },
    LONG,
  );
});

describe('replaying other logs', () => {
  it(
    'explains a case day by day, as a table and for machines',
    async () => {
      const log = file(
        'one.xes',
        `<log xmlns="http://www.xes-standard.org/">${trace('A-1', { start: '2024-01-04T10:00:00+01:00', end: '2024-01-10T10:00:00+01:00' }, ['2024-01-05T10:00:00+01:00'])}</log>`,
      );
      const args = [log, '--ephemeral', '--clock', 'working-days:2', '--zone', 'Europe/Amsterdam'];
      const options = ['--calendar', 'weekdays', '--explain', 'A-1'];
      const table = await replay(...args, ...options);
      expect(table.code).toBe(0);
      expect(table.out).toMatch(
        /due 2024-01-08; 超期 overdue[^]*2024-01-04 .* – .*start[^]*2024-01-05 .* 1 .*counts[^]*2024-01-06 .* – .*weekend[^]*2024-01-08 .* 2 .*counts\n.*2024-01-09 .* 3 .*late/,
      );
      const { explanation } = JSON.parse((await replay(...args, ...options, '--json')).out) as {
        explanation: { clock: { dueDate: string; days: unknown[] } };
      };
      expect(explanation.clock).toMatchObject({ dueDate: '2024-01-08', used: 4 });
      expect(explanation.clock.days).toHaveLength(7);
      const nobody = await replay(...args, '--explain', 'B-1');
      expect(nobody).toMatchObject({ code: 1, err: expect.stringContaining('has no case "B-1"') });
    },
    LONG,
  );

  it(
    'counts what has no start, no deadline or no time as it should, and says so',
    async () => {
      const log = file(
        'odd.xes.gz',
        gzipSync(
          `<log xmlns="http://www.xes-standard.org/">
        ${trace('on time', { start: '2024-01-01T00:00:00Z', end: '2024-01-09T23:59:59Z', deadline: '2024-01-10T00:00:00Z' }, ['2024-01-02T00:00:00Z'])}
        ${trace('late', { start: '2024-01-01T00:00:00Z', end: '2024-01-10T00:00:00.001Z', deadline: '2024-01-10T00:00:00Z' }, [])}
        ${trace('open, late', { start: '2024-01-01T00:00:00Z', deadline: '2024-01-10T00:00:00Z' }, ['2024-02-01T00:00:00Z'])}
        ${trace('no deadline', { start: '2024-01-01T00:00:00Z' }, ['2024-01-05T00:00:00Z', undefined])}
        ${trace('no start', { deadline: '2030-01-01T00:00:00Z' }, ['2024-01-05T00:00:00Z'])}
        </log>`,
        ),
      );
      const { code, out, err } = await replay(log, '--ephemeral', '--json', '--clock', 'deadline');
      expect({ code, ...(JSON.parse(out) as object) }).toEqual({
        ...{ code: 0, cases: 5, events: 5 },
        closed: { total: 2, overdue: 1 },
        open: { total: 3, overdue: 1 },
      });
      expect(err).toContain('1 cases have no usable "deadline": no clock runs, they count as not overdue');
      expect(err).toContain(
        '1 cases have no "startdate": their clock starts with their first event (the first: no start',
      );
      expect(err).toContain('1 events have no "time:timestamp" and were left out');
      expect(err).toContain('as of 2024-02-01T00:00:00.000Z');
    },
    LONG,
  );

  it(
    'plays a table in the order of its time, and prints a table',
    async () => {
      const rows =
        'case,what,when\n1,受理,2024-01-01T08:00:00\n2,受理,2024-01-01T08:00:30\n1,办结,2024-01-01T08:01:00\n';
      const mapping = `name: t\nregion: "130681"\ncaseNo: { attribute: case }\nstart: {}\nend: { activities: [办结] }\nclock: { workingDays: 5 }\nevent: { activity: what, time: when }\n`;
      const args = [
        '--mapping',
        file('t.yaml', mapping),
        '--speed',
        '120',
        '--as-of',
        '2024-03-01T00:00:00Z',
      ];
      const { code, out } = await replay(file('t.csv', rows), ...args, '--ephemeral');
      expect(code).toBe(0);
      expect(out).toMatch(/2 cases, 3 events[^]*closed +1 +0[^]*open +1 +1/);
    },
    LONG,
  );

  it.each([
    ['gone.xes', undefined, /gone.xes cannot be read: ENOENT/],
    ['plain.csv', 'a,b\n', /plain.csv: a table needs a mapping/],
    ['bomb.xes', '<!DOCTYPE l [<!ENTITY a "a">]>\n<log/>', /bomb.xes line 1: a DOCTYPE/],
  ])(
    'says what is wrong with %s',
    async (name, content, message) => {
      const target = content === undefined ? path.join(folder, name) : file(name, content);
      const { code, out, err } = await replay(target, '--token', 'x', '--centre', `http://127.0.0.1:${port}`);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toMatch(message);
    },
    LONG,
  );

  it.each([
    [['--clock', 'tomorrow'], /expected deadline or working-days:N/],
    [['--speed', '0'], /expected max or a number above 0/],
    [['--zone', 'Mars'], /expected an IANA time zone/],
    [['--as-of', '9999-01-01T00:00:00Z'], /year 9999 is out of range/],
    [[], /a token of a source is needed: mingjing source add/],
    [['--token', 'x', '--centre', 'http://127.0.0.1:3'], /ECONNREFUSED.*is it running \(mingjing start\)/],
  ])(
    'says what it expected: %j',
    async (args, message) => {
      const { code, err } = await replay(file('empty.xes', '<log/>'), ...args);
      expect(code).toBe(1);
      expect(err).toMatch(message);
    },
    LONG,
  );
});
