import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Session } from '@mingjing/contracts';
import { defaultRuleset } from '@mingjing/rules';
import { createPinia, setActivePinia } from 'pinia';
import { useRulebook } from './rulebook.ts';
import { useSession } from './session.ts';

/** The centre's answers: version 2 is in force, version 3 takes effect later. */
const published: { base: number }[] = [];
let latest = 3;
const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
function answer(path: string, init?: { method?: string; body?: unknown }): Response {
  if (init?.method === 'POST') {
    const draft = JSON.parse(init.body as string) as { base: number };
    if (draft.base !== latest) return json({ title: 'conflict', status: 409 }, 409);
    published.push(draft);
    return json({});
  }
  if (path === '/api/rules') return json([]);
  const version = (number: number) => ({ version: number, inForce: number === 2 });
  if (path === '/api/rulesets') return json([version(latest), version(2)]);
  const number = Number(path.split('/').at(-1));
  const limits = { order: { workingDays: number } };
  return json({ ...version(number), body: { ...defaultRuleset, limits, version: number } });
}

beforeEach(() => {
  setActivePinia(createPinia());
  latest = 3;
  published.length = 0;
  jest
    .spyOn(globalThis, 'fetch')
    .mockImplementation((input, init) =>
      Promise.resolve(answer(new URL(input as string, 'http://centre').pathname, init)),
    );
});
afterEach(() => {
  jest.restoreAllMocks();
});

const RULE = { what: 'rule', name: 'x' } as const;

test('a draft is made from the latest version, also from one that takes effect later', async () => {
  const book = useRulebook();
  await book.load();
  expect(book.body?.limits).toEqual({ order: { workingDays: 2 } });
  book.edit(RULE, (body) => (body.rules = {}));
  expect(book.body?.limits).toEqual({ order: { workingDays: 3 } });
});

test('a draft made before another publishes is refused, however often the rulebook is read; the next one is not', async () => {
  const book = useRulebook();
  await book.load();
  book.edit(RULE, (body) => (body.rules = {}));
  latest = 4;
  await book.load();
  await expect(book.publish('why', null)).rejects.toMatchObject({ reason: 'conflict' });
  await expect(book.publish('why', null)).rejects.toMatchObject({ reason: 'conflict' });
  expect(book.changes).toEqual([RULE]);
  book.discard();
  book.edit(RULE, (body) => (body.rules = {}));
  await book.publish('why', null);
  expect(published).toMatchObject([{ base: 4, body: { limits: { order: { workingDays: 4 } } } }]);
});

test('taking an older version up keeps what was drafted before one step away', async () => {
  const book = useRulebook();
  await book.load();
  book.edit(RULE, (body) => (body.rules = {}));
  book.takeUp({ ...book.inForce!, version: 1 });
  expect(book.changes.at(-1)).toEqual({ what: 'version', name: '1' });
  book.undo();
  expect(book.changes).toEqual([RULE]);
});

test('whoever signs in next sees nothing of what another read and drafted', async () => {
  const session = useSession();
  const as = (username: string): Session => ({ user: { username } }) as Session;
  session.session = as('admin');
  const book = useRulebook();
  await book.load();
  book.edit(RULE, (body) => (body.rules = {}));
  session.forget();
  session.session = as('admin');
  expect(book.changes).toHaveLength(1);
  session.session = as('zhuozhou');
  expect(book.body).toBeNull();
  expect(book.changes).toEqual([]);
});
