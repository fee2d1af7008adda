import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import { createLog } from '../log.ts';
import { HELLO_WITHIN_MS, Right } from './right.ts';
import { Sessions } from './sessions.ts';

const KEY = 'k'.repeat(32);
const MINUTE = 60_000;
const LI = 'a'.repeat(64);
const WANG = 'b'.repeat(64);

function ticket(session: string, expiresAt: number): string {
  const payload = Buffer.from(JSON.stringify({ user: 'u', region: '130681', session, expiresAt }));
  const body = payload.toString('base64url');
  return `${body}.${createHmac('sha256', KEY).update(body).digest('base64url')}`;
}

/** The centre's side: who is signed out, and what it was asked. */
let ended: string[] | undefined;
let asked: string[][] = [];
async function check(request: IncomingMessage): Promise<string | undefined> {
  const { sessions } = JSON.parse(await text(request)) as { sessions: string[] };
  asked.push(sessions);
  const known = request.headers.authorization === 'Bearer secret' && ended !== undefined;
  return known ? JSON.stringify({ ended: sessions.filter((name) => ended!.includes(name)) }) : undefined;
}
const server = createServer((request, response) => {
  void check(request).then((answer) => response.writeHead(answer === undefined ? 503 : 200).end(answer));
});
beforeAll(() => once(server.listen(0, '127.0.0.1'), 'listening'));
afterAll(() => once(server.close(), 'close'));

let clock: VirtualTimeScheduler;
let sessions: Sessions;
let over: string[];
beforeEach(() => {
  clock = new VirtualTimeScheduler(undefined, 0);
  const centreUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  sessions = new Sessions({ centreUrl, token: 'secret', scheduler: clock, log: createLog('silent') });
  [ended, asked, over] = [[], [], []];
});

/** A socket's right; its name is noted when it ends. */
const rightOf = (name: string): Right =>
  new Right({ ticketKey: KEY, sessions, scheduler: clock }, () => over.push(name));

function pass(ms: number): void {
  const until = clock.frame + ms;
  clock.maxFrames = until;
  clock.flush();
  clock.frame = until;
}

describe('a right to watch', () => {
  test('ends where no good ticket comes in time, whatever else comes', () => {
    const silent = rightOf('silent');
    const wrong = rightOf('wrong');
    const good = rightOf('good');
    pass(HELLO_WITHIN_MS - 1);
    expect(() => wrong.begin('x.y')).toThrow('not signed by this centre');
    expect(() => silent.check()).toThrow('say hello first');
    good.begin(ticket(LI, 10 * MINUTE));
    expect(over).toEqual([]);
    pass(1);
    expect(over).toEqual(['silent', 'wrong']);
    pass(5 * MINUTE);
    expect(good.check()).toMatchObject({ session: LI });
  });

  test('lasts as long as its tickets', () => {
    const right = rightOf('li');
    right.begin(ticket(LI, 10 * MINUTE));
    pass(9 * MINUTE);
    right.renew(ticket(LI, 19 * MINUTE));
    expect(() => right.renew(ticket(WANG, 19 * MINUTE))).toThrow('another user, session or region');
    pass(9 * MINUTE + 59_999);
    expect(over).toEqual([]);
    pass(1);
    expect(over).toEqual(['li']);
    expect(() => right.check()).toThrow('expired');
  });

  test('ends with its session, and no ticket of that session is good any more', async () => {
    const [li, wang, gone] = [rightOf('li'), rightOf('wang'), rightOf('gone')];
    li.begin(ticket(LI, 10 * MINUTE));
    gone.begin(ticket(LI, 10 * MINUTE));
    gone.close();
    wang.begin(ticket(WANG, 10 * MINUTE));
    await sessions.check();
    expect(over).toEqual([]);
    ended = [LI];
    await sessions.check();
    expect(over).toEqual(['li']);
    expect(() => rightOf('again').begin(ticket(LI, 12 * MINUTE))).toThrow('session of this ticket has ended');
    expect(wang.check()).toMatchObject({ session: WANG });
    // What has ended, and what no ticket is good for any more, is not asked about.
    await sessions.check();
    pass(11 * MINUTE);
    await sessions.check();
    expect(asked.map((names) => [...names].sort())).toEqual([[LI, WANG], [LI, WANG], [WANG]]);
  });

  test('lasts while the centre does not answer, and ends when it does again', async () => {
    rightOf('li').begin(ticket(LI, 10 * MINUTE));
    ended = undefined;
    await sessions.check();
    expect(over).toEqual([]);
    ended = [LI];
    await sessions.check();
    expect(over).toEqual(['li']);
  });
});
