import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AlertHistory, AlertPage, CaseDetail, CasePage, DeadLetterPage } from '@mingjing/contracts';
import { PROJECT_DIR } from '../scripts/runtime/paths.ts';
import { startBrowser, type TestBrowser } from './helpers/browser.ts';
import { caseEvent, daysAgo, freePort, openInstallation, type Installation } from './helpers/installation.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { until } from './helpers/until.ts';
import { builtPages, openWallPage, type WallPage } from './helpers/wall-page.ts';

failOnLeaks();

/** https://github.com/minimaxir/big-list-of-naughty-strings; users, sources and cameras: center-server/src/http/text.test.ts */
const LIST = path.resolve(PROJECT_DIR, '../shared/data/security/blns.json');
const there = existsSync(LIST);
if (!there) process.stdout.write(`${LIST} is absent: only a few strings of our own are tried\n`);
const strings = [
  ...new Set([
    ...(there ? (JSON.parse(readFileSync(LIST, 'utf8')) as string[]) : []),
    ...[
      '<img src=x onerror=alert(1)>',
      '"><script>alert(1)</script>',
      '{{constructor.constructor("alert(1)")()}}',
    ],
    ...[
      '𠮷野家 明镜高悬',
      '100%_\\',
      ' a b ',
      'a\nb\r\nc\td',
      '\u202ertl',
      '__proto__',
      'javascript:alert(1)',
    ],
  ]),
];
const names = strings.filter((text) => text.length > 0 && text.length <= 200);
const UNSTORABLE = ['a\u0000b', '\ud83d', 'x\udc00y'];
/** Five hundred rows come a page at a time, as the reader scrolls. */
const WHOLE_LIST_WITHIN_MS = 240_000;

let centre: Installation;
let cookie: string;
/** Nothing is filmed here: nobody listens where the media host would be. */
let noMedia: string;

/** A few at a time. */
async function forEach<T>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) await work(item, index);
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
}

async function get<T>(target: string): Promise<T> {
  const answer = await centre.call(`GET ${target}`, { cookie });
  expect([target, answer.status]).toEqual([target, 200]);
  return answer.body as T;
}
const caseOf = (caseNo: string) => get<CaseDetail>(`/api/cases/${encodeURIComponent(`130681:${caseNo}`)}`);

/** An overdue case with the string in everything that names it, under a number that is the string. */
function namedBy(text: string) {
  const data = { caseNo: text, title: text, applicant: text, officer: text, department: text, matter: text };
  const more = { hall: text, counter: text, note: text, limit: { budget: { workingDays: 1 } } };
  return caseEvent('case.accepted', daysAgo(40), { ...data, ...more }, { id: text, source: text });
}

/** The events of one case, one per string, in order: what the case page shows of them is all there is of each. */
function inOneCase() {
  const at = (index: number) => new Date(Date.parse('2026-03-02T01:00:00Z') + index * 1000).toISOString();
  return strings.map((text, index) => {
    const name = names.includes(text) ? { officer: text, stage: text } : { stage: '长' };
    return caseEvent('case.stage.started', at(index), { caseNo: '串', note: text, ...name });
  });
}

describe('naughty strings', () => {
  beforeAll(async () => {
    noMedia = `127.0.0.1:${await freePort()}`;
    centre = await openInstallation({ env: { MINGJING_CENTRE_MEDIA_URL: `http://${noMedia}` } });
    cookie = await centre.signIn('admin');
    const answers = [
      await centre.post('zz-approval', names.map(namedBy)),
      await centre.post('zz-approval', inOneCase()),
    ];
    expect(answers.map(({ stored }) => stored)).toEqual([names.length, strings.length]);
    await centre.settled();
  }, 180_000);
  afterAll(() => centre.close(), 60_000);

  test('in every field of an event come back unchanged', async () => {
    await forEach(names, async (text) => {
      const found = await caseOf(text);
      const { caseNo, title, applicant, officer, department, matter, hall, counter } = found;
      expect(new Set([caseNo, title, applicant, officer, department, matter, hall, counter])).toEqual(
        new Set([text]),
      );
      const [event] = found.events;
      expect([event?.id, event?.source, event?.data['note']]).toEqual([text, `zz-approval:${text}`, text]);
    });
    const { events, stages } = await caseOf('串');
    expect(events.map(({ data }) => data['note'])).toEqual(strings);
    expect(stages.map(({ stage }) => stage)).toEqual(expect.arrayContaining(names));
  }, 120_000);

  test('what cannot be stored, or is no name, is rejected with the name of the field', async () => {
    const base = { caseNo: '拒', procedure: 'hearing' };
    const fields = ['caseNo', 'department', 'hall', 'counter', 'officer', 'note', 'approver', 'reason'];
    const tooLong = (field: string) =>
      ['note', 'reason'].includes(field) ? 'x'.repeat(4001) : 'x'.repeat(257);
    const events = fields.flatMap((field) =>
      [...UNSTORABLE, tooLong(field), ...(['note', 'reason'].includes(field) ? [] : [''])].map((text) => ({
        field,
        event: caseEvent('case.suspended', daysAgo(1), { ...base, [field]: text }),
      })),
    );
    const { results } = await centre.post(
      'zz-approval',
      events.map(({ event }) => event),
    );
    expect(results.map(({ status, reason }) => [status, reason?.split(':')[0]])).toEqual(
      events.map(({ field }) => ['rejected', `data.${field}`]),
    );
    for (const field of ['id', 'source']) {
      const bad = UNSTORABLE.map((text) =>
        caseEvent('case.resumed', daysAgo(1), { caseNo: '拒' }, { [field]: text }),
      );
      const answer = await centre.post('zz-approval', bad);
      for (const { reason } of answer.results) expect(reason).toMatch(new RegExp(`^${field}: `));
    }
  });

  test('in dead letters come back unchanged, to be mended', async () => {
    const events = strings.map((text) => caseEvent('case.unknown', daysAgo(1), { text }));
    expect(await centre.post('zz-approval', events)).toMatchObject({ rejected: strings.length });
    const read: string[] = [];
    for (let next: number | null = Number.MAX_SAFE_INTEGER; next !== null;) {
      const page: DeadLetterPage = await get(`/api/dead-letters?source=zz-approval&limit=500&before=${next}`);
      for (const { kind, body } of page.letters) {
        if (kind === 'case.unknown') read.push((JSON.parse(body) as { data: { text: string } }).data.text);
      }
      next = page.next;
    }
    expect(read.reverse()).toEqual(strings);
  }, 60_000);

  test('as search words find what they name, and nothing less', async () => {
    await forEach(names, async (text) => {
      const word = encodeURIComponent(text);
      const [cases, alerts, exact] = [
        await get<CasePage>(`/api/cases?limit=500&text=${word}`),
        await get<AlertPage>(`/api/alerts?limit=500&kind=red&text=${word}`),
        await get<CasePage>(`/api/cases?limit=500&department=${word}&matter=${word}`),
      ];
      expect(cases.cases.map(({ title }) => title)).toContain(text);
      for (const { title } of cases.cases) expect(title).toContain(text);
      expect(alerts.alerts.map(({ caseNo }) => caseNo)).toContain(text);
      expect(exact.cases.map(({ caseNo }) => caseNo)).toEqual([text]);
    });
    for (const list of ['cases', 'alerts']) {
      for (const word of [encodeURIComponent('x'.repeat(201)), '%00']) {
        const { status, body } = await centre.call(`GET /api/${list}?text=${word}`, { cookie });
        expect({ status, body }).toMatchObject({ status: 400, body: { errors: [{ field: 'text' }] } });
      }
    }
  }, 120_000);

  test('as notes on an alert stay as they were written', async () => {
    const { alerts } = await get<AlertPage>('/api/alerts?limit=1');
    const id = alerts[0]!.id;
    const note = (text: string) =>
      centre.call(`POST /api/alerts/${id}/actions`, { cookie, body: { action: 'note', note: text } });
    for (const text of strings) expect([text, (await note(text)).status]).toEqual([text, 200]);
    const { history } = await get<{ history: AlertHistory[] }>(`/api/alerts/${id}`);
    expect(history.flatMap((line) => (line.action === 'noted' ? [line.note] : []))).toEqual(strings);
    for (const text of UNSTORABLE) {
      const { status, body } = await note(text);
      expect({ status, body }).toMatchObject({ status: 400, body: { errors: [{ field: 'note' }] } });
    }
  }, 120_000);

  describe('in Chromium are text and nothing else', () => {
    let chromium: TestBrowser;
    let wall: WallPage;

    beforeAll(async () => {
      await builtPages();
      chromium = await startBrowser();
      wall = await openWallPage(chromium.browser, `${centre.url}/alerts`, 'zz-inspector');
    }, 120_000);
    afterAll(() => chromium.close());

    /** Elements and attributes that only an injected string can have put there. */
    async function expectNothingInjected(): Promise<void> {
      const injected = await wall.page.evaluate(`(() => {
        const foreign = [...document.querySelectorAll('main *')].filter((element) =>
          /^(script|iframe|object|embed|img|audio|video|form|base|meta|link|style|frameset|marquee|math|xss)$/i.test(element.localName) ||
          [...element.attributes].some(({ name, value }) => /^on/i.test(name) || /^\\s*javascript:/i.test(value)));
        return foreign.map((element) => element.outerHTML.slice(0, 200));
      })()`);
      expect(injected).toEqual([]);
      expect(wall.troubles().filter((trouble) => !trouble.includes(noMedia))).toEqual([]);
      expect([...wall.hosts()].filter((host) => host !== noMedia)).toEqual([new URL(centre.url).host]);
    }

    test('on the page of a case', async () => {
      await wall.page.goto(`${centre.url}/cases/${encodeURIComponent('130681:串')}`);
      const shown = '[data-testid="case-event"] summary';
      const texts = await wall.textsUntil(shown, (found) => found.length === strings.length);
      strings.forEach((text, index) => {
        expect(texts[index]).toContain(text.trim());
        if (names.includes(text)) expect(texts[index]!.split(text.trim()).length).toBeGreaterThanOrEqual(4);
      });
      await expectNothingInjected();
      await wall.page.goto(`${centre.url}/cases/${encodeURIComponent('130681:"><script>alert(1)</script>')}`);
      await wall.textsUntil('dd', (facts) => facts.includes('"><script>alert(1)</script>'));
      await expectNothingInjected();
    }, 120_000);

    test('in the list of alerts', async () => {
      const told = new Map<string, string>();
      for (let next: number | null = Number.MAX_SAFE_INTEGER; next !== null;) {
        const page: AlertPage = await get(`/api/alerts?kind=red&limit=500&before=${next}`);
        for (const { id, title } of page.alerts) told.set(String(id), title.zh);
        next = page.next;
      }
      expect(told.size).toBe(names.length);
      await wall.page.goto(`${centre.url}/alerts?kind=red`);
      await wall.textsUntil('[data-testid="alert-row"] .title', (rows) => rows.length > 0);
      // The end of the list asks for more as it comes into sight.
      await until(
        async () => {
          await wall.page.evaluate(`document.querySelector('.scroller .end')?.scrollIntoView()`);
          return (await wall.page.evaluate(
            `document.querySelectorAll('[data-testid="alert-row"]').length`,
          )) as number;
        },
        (count) => count === names.length,
        WHOLE_LIST_WITHIN_MS,
      );
      const rows = (await wall.page.evaluate(
        `Array.from(document.querySelectorAll('[data-testid="alert-row"]'), (row) =>
          [row.dataset.alertId, row.querySelector('.title').textContent])`,
      )) as [string, string][];
      expect(rows.filter(([id, title]) => told.get(id) !== title)).toEqual([]);
      for (const text of names) expect(rows.some(([, title]) => title.includes(text))).toBe(true);
      await expectNothingInjected();
    }, 300_000);
  });
});
