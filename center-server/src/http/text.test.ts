import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isStorableText, type Camera, type SourceState, type User } from '@mingjing/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openTestCentre, type TestCentre } from '../../../tests/helpers/centre.ts';

const LIST = path.join(import.meta.dirname, '../../../../shared/data/security/blns.json');
const there = existsSync(LIST);
/** Strings that break careless programs, with some that this store in particular could trip over. */
const strings = [
  ...new Set([
    ...(there ? (JSON.parse(readFileSync(LIST, 'utf8')) as string[]) : []),
    'a\u0000b',
    '\ud800',
    '𠮷野家 明镜高悬',
    `'; DROP TABLE app_user; --`,
    '%_\\',
  ]),
];
const usable = strings.filter((text) => text.length > 0 && text.length <= 200 && isStorableText(text));
const unusable = strings.filter((text) => text.length > 0 && !isStorableText(text));

/** One in so many: each takes its time, and all of them have gone in and out by then. */
const someOf = (n: number) => (_text: string, index: number) => index % n === 0;

let centre: TestCentre;
let cookie: string;
beforeAll(async () => {
  centre = await openTestCentre();
  cookie = await centre.signIn('admin');
}, 60_000);
afterAll(() => centre.close());

/** Runs a few at a time: hashing five hundred passwords at once helps nobody. */
async function forEach<T>(items: T[], work: (item: T, index: number) => Promise<void>): Promise<void> {
  const queue = items.entries();
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (const [index, item] of queue) await work(item, index);
    }),
  );
}

describe(`naughty strings${there ? '' : ' (the big list is not here: only our own)'}`, () => {
  test('as names of users, in and back unchanged, and signing in with them', async () => {
    await forEach(usable, async (text) => {
      const user = {
        username: text,
        name: text,
        role: 'leader',
        region: '130681',
        password: `pass-word ${text}`,
      };
      const made = await centre.call('POST /api/users', { cookie, body: user });
      expect([text, made.status]).toEqual([text, 201]);
    });
    const { body } = await centre.call('GET /api/users', { cookie });
    const names = new Set(
      (body as User[]).filter((user) => user.name === user.username).map((user) => user.name),
    );
    expect(usable.filter((text) => !names.has(text))).toEqual([]);
    await forEach(usable.filter(someOf(10)), async (text) => {
      const given = await centre.call('POST /api/session', {
        body: { username: text, password: `pass-word ${text}` },
      });
      expect([text, given.status]).toEqual([text, 200]);
      expect(given.body).toMatchObject({ user: { username: text, name: text } });
    });
  }, 120_000);

  test('as names of sources and as ids and names of cameras, in and back unchanged', async () => {
    // A path is one line that a command can carry: with a control character it is refused, by its name.
    // It is a file in the folder of films: one that leads out is refused as well.
    const isPath = (text: string) => !/\p{Cc}/u.test(text) && !/^[./]|\.\./.test(text);
    const pathOf = (text: string) => (isPath(text) ? text : 'film.mp4');
    const badPath = { id: 'bad', name: 'bad', region: '130681', hall: null, counter: null };
    for (const path of ['a\nb', '../film.mp4', '/etc/passwd']) {
      const refused = await centre.call('POST /api/admin/cameras', {
        cookie,
        body: { ...badPath, source: { kind: 'file', path } },
      });
      expect(refused.status).toBe(400);
      expect(refused.body).toMatchObject({ errors: [{ field: 'source.path' }] });
    }
    await forEach(usable, async (text, index) => {
      const source = { id: `s-${index}`, name: text, kind: 'xes', region: '130681' };
      expect((await centre.call('POST /api/sources', { cookie, body: source })).status).toBe(201);
      const camera = {
        ...{ id: text, name: text, region: '130681', hall: null, counter: null },
        source: { kind: 'file', path: pathOf(text) },
      };
      expect((await centre.call('POST /api/admin/cameras', { cookie, body: camera })).status).toBe(201);
    });
    const sources = (await centre.call('GET /api/sources', { cookie })).body as SourceState[];
    const named = new Map(sources.map((source) => [source.id, source.name]));
    expect(usable.filter((text, index) => named.get(`s-${index}`) !== text)).toEqual([]);
    const cameras = (await centre.call('GET /api/admin/cameras', { cookie })).body as Camera[];
    const kept = new Map(cameras.map((camera) => [camera.id, camera]));
    const same = (text: string) => {
      const camera = kept.get(text);
      return camera?.name === text && camera.source.kind === 'file' && camera.source.path === pathOf(text);
    };
    expect(usable.filter((text) => !same(text))).toEqual([]);
  }, 60_000);

  test('what no store can hold is refused by name of the field, everywhere', async () => {
    expect(unusable.length).toBeGreaterThanOrEqual(2);
    for (const text of unusable) {
      const user = { username: text, name: text, role: 'leader', region: '130681', password: '0123456789' };
      const answer = await centre.call('POST /api/users', { cookie, body: user });
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ errors: [{ field: 'username' }, { field: 'name' }] });
    }
    for (const request of [
      'GET /api/alerts?text=a%00b',
      'GET /api/cases?text=a%00b',
      'GET /api/cases/a%00b',
      'GET /api/screens/a%00b/image',
      'GET /api/dead-letters?source=a%00b',
      'GET /api/cases?department=a%00b',
      'GET /api/cases?after=a%00b',
    ]) {
      expect([request, (await centre.call(request, { cookie })).status]).toEqual([request, 400]);
    }
  });

  test('as filters they find nothing and break nothing', async () => {
    await forEach(usable.filter(someOf(3)), async (text) => {
      const found = await centre.call(`GET /api/cases?text=${encodeURIComponent(text)}`, { cookie });
      expect([text, found.status]).toEqual([text, 200]);
    });
  }, 60_000);
});
