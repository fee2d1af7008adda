import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import path from 'node:path';
import type { SourceState, User } from '@mingjing/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../tests/helpers/db.ts';

const CITY = path.join(import.meta.dirname, '../../../demo/baoding.yaml');
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
}, 60_000);
afterAll(() => database.drop());

interface Outcome {
  code: number | null;
  out: string;
  err: string;
}

/** Runs a command as a person does, with `input` on standard input. */
async function mingjing(command: string, args: string[], input = ''): Promise<Outcome> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, `${command}.ts`), ...args], {
    env: { MINGJING_DATABASE_URL: database.url },
  });
  child.stdin.end(input);
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await closed, out, err };
}

async function json<T>(command: string, args: string[], input?: string): Promise<T> {
  const { code, out, err } = await mingjing(command, [...args, '--json'], input);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as T;
}

describe('the command line', () => {
  test('seeds the demo city once, however often it is told to', async () => {
    const tokens = await json<Record<string, string>>('seed', [CITY, '--demo-password', 'mingjing-demo']);
    expect(Object.keys(tokens)).toEqual(expect.arrayContaining(['collectors', 'media', 'simulator']));
    expect(tokens['media']).toMatch(/^mjs_[\w-]{43}$/);
    expect(await json('seed', [CITY, '--demo-password', 'mingjing-demo'])).toEqual({});
    const users = await json<User[]>('user', ['list']);
    expect(users.map((user) => user.username)).toEqual(
      expect.arrayContaining(['admin', 'inspector', 'zhuozhou']),
    );
    expect(await json<User[]>('user', ['list', '--region', '130681'])).toHaveLength(3);
  }, 60_000);

  test('adds users by a password that never stands among the arguments', async () => {
    const who = ['--name', '新人', '--role', 'leader', '--region', '130681'];
    expect(await json('user', ['add', '新', ...who], 'a good long one\n')).toMatchObject({ username: '新' });
    expect(await json('user', ['add', '生', ...who, '--generate'])).toHaveProperty('password');
    expect(await mingjing('user', ['add', '新', ...who], 'a good long one')).toEqual({
      ...{ code: 1, out: '' },
      err: 'mingjing user: the name "新" is taken\n',
    });
    const short = await mingjing('user', ['add', '短', ...who], 'short');
    expect(short.err).toBe('mingjing user: password: expected at least 10 characters\n');
    expect(await json('user', ['disable', '新'])).toMatchObject({ disabled: true });
    expect(await json('user', ['password', '新'], 'another good one')).not.toHaveProperty('password');
    expect((await mingjing('user', ['disable', 'nobody'])).err).toBe(
      'mingjing user: there is no user "nobody"\n',
    );
  }, 60_000);

  test('adds, rotates, disables and lists sources', async () => {
    const what = ['--id', 'log-1', '--name', '日志', '--kind', 'xes', '--region', '130681'];
    const first = await json<{ token: string }>('source', ['add', ...what, '--expect-every', '60']);
    const second = await json<{ token: string }>('source', ['rotate', 'log-1']);
    expect(second.token).not.toBe(first.token);
    await json('source', ['disable', 'log-1']);
    const sources = await json<SourceState[]>('source', ['list']);
    expect(sources.find((source) => source.id === 'log-1')).toMatchObject({
      disabled: true,
      expectEverySeconds: 60,
    });
    expect((await mingjing('source', ['add', ...what])).code).toBe(1);
    const wrong = await mingjing('source', ['add', ...what.slice(0, -1), '999999']);
    expect(wrong.err).toBe('mingjing source: --region: there is no 999999\n');
  }, 60_000);

  test('keeps the audit log whole', async () => {
    expect(await json('audit', ['verify'])).toMatchObject({ ok: true, lines: expect.any(Number) as unknown });
  }, 60_000);

  test.each(['user', 'source', 'seed', 'audit'])('%s --help says what it does', async (command) => {
    const { code, out } = await mingjing(command, ['--help']);
    expect([code, out.startsWith(`Usage: mingjing ${command}`)]).toEqual([0, true]);
  });

  test('a plan that is wrong is refused by name of the field, and nothing of it stays', async () => {
    const { code, err } = await mingjing('seed', [path.join(import.meta.dirname, '../../package.json')]);
    expect(code).toBe(1);
    expect(err).toMatch(/^mingjing seed: .*package\.json: line 1: /);
    const folder = mkdtempSync(path.join(tmpdir(), 'mingjing-plan-'));
    try {
      const file = path.join(folder, 'city.yaml');
      const city = readFileSync(CITY, 'utf8').replace('cameras: [cam-yixian-03, ', 'cameras: [cam-nowhere, ');
      const line = city.split('\n').findIndex((text) => text.includes('cam-nowhere')) + 1;
      writeFileSync(file, city);
      expect((await mingjing('seed', [file])).err).toBe(
        `mingjing seed: ${file}: line ${line}: patrols.0.steps.1.show.cameras.0: there is no camera "cam-nowhere" in the file\n`,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
