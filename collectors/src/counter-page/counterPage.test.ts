import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { loadCity, type City } from '../simulate/city.ts';
import { playMinute } from '../simulate/live.ts';
import { inPostingOrder, type TimedEvent } from '../simulate/script.ts';
import { CounterBoard } from './board.ts';
import { serveCounterPages, type CounterPages } from './server.ts';
import { counterView, type CounterView } from './view.ts';

const CITY_FILE = fileURLToPath(new URL('../../../demo/baoding.yaml', import.meta.url));
const START = 29_000_000;
const SECOND = 1000;
const MINUTE = 60 * SECOND;

let city: City;
let events: TimedEvent[];
beforeAll(async () => {
  city = await loadCity(CITY_FILE);
  events = inPostingOrder(Array.from({ length: 30 }, (_, n) => playMinute(city, START + n, 1, 420)).flat());
});

/** What a screen shows second by second over a quarter of an hour, fed as the play goes. */
function watch(screenId: string): CounterView[] {
  const screen = city.plan.screens.find((item) => item.id === screenId)!;
  const board = new CounterBoard(city);
  let fed = 0;
  return Array.from({ length: 900 }, (_, second) => {
    const now = (START + 15) * MINUTE + second * SECOND;
    const due = events.findIndex(({ at }) => at > now);
    board.observe(events.slice(fed, due));
    fed = due;
    return counterView(city, screen, board.casesAt(screen.counter!), now)!;
  });
}

describe('a counter page', () => {
  test('shows the case in hand, being typed and going through its stages, and sometimes waits', () => {
    const views = city.plan.screens.flatMap((screen) => watch(screen.id));
    const busy = views.flatMap((view) => view.case ?? []);
    expect(busy.length / views.length).toBeGreaterThan(0.4);
    expect(busy.length).toBeLessThan(views.length);
    const typing = new Set(busy.map((shown) => shown.typing));
    expect(typing).toEqual(new Set(['applicant', 'idNumber', 'opinion', null]));
    expect(new Set(busy.map((shown) => shown.button))).toEqual(
      new Set(['accept', 'next', 'decide', 'deliver', null]),
    );
    for (const shown of busy) {
      expect(shown.limit).not.toBe('');
      expect(shown.stages.length).toBeGreaterThanOrEqual(3);
    }
  });

  test('changes every few seconds while it is busy', () => {
    const views = watch('screen-zhuozhou-07').filter((view) => view.case !== null);
    const changes = views.filter((view, at) => JSON.stringify(view) !== JSON.stringify(views[at - 1])).length;
    expect(views.length / changes).toBeLessThan(10);
  });

  test('types a number that is nobody’s', () => {
    const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const numbers = new Set(
      city.plan.screens
        .flatMap((screen) => watch(screen.id).flatMap((view) => view.case?.idNumber ?? []))
        .filter((number) => /^\d{17}[\dX]$/.test(number)),
    );
    expect(numbers.size).toBeGreaterThan(0);
    for (const number of numbers) {
      const sum = weights.reduce((total, weight, at) => total + weight * Number(number[at]), 0);
      expect(number[17]).not.toBe('10X98765432'[sum % 11]);
    }
  });
});

describe('the server of counter pages', () => {
  let pages: CounterPages;
  beforeAll(async () => {
    const board = new CounterBoard(city);
    pages = await serveCounterPages({ city, board, host: '127.0.0.1', port: 0, now: () => START * MINUTE });
  });
  afterAll(() => pages.close());

  test('serves a page whose fields of personal data are marked, and its state', async () => {
    const page = await fetch(`${pages.url}/counter/screen-zhuozhou-07`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    const html = await page.text();
    for (const id of ['applicant', 'idNumber']) expect(html).toMatch(new RegExp(`id="${id}" data-personal`));
    for (const [, path] of html.matchAll(/(?:src|href)="(\/[^"]+)"/g)) {
      expect((await fetch(pages.url + path!)).status).toBe(200);
    }
    const state = (await (
      await fetch(`${pages.url}/counter/screen-zhuozhou-07/state`)
    ).json()) as CounterView;
    expect(state).toMatchObject({ hall: '涿州市政务服务大厅', counter: '7 号窗口', case: null });
  });

  test('answers 404 to what it has not, and survives odd addresses', async () => {
    for (const path of [
      '/counter/nobody',
      '/',
      '/assets/../view.ts',
      '/counter/%E0%A4%A',
      '/assets/server.ts',
    ]) {
      expect((await fetch(pages.url + path)).status).toBeGreaterThanOrEqual(400);
    }
    expect((await fetch(`${pages.url}/counter/screen-zhuozhou-07`)).status).toBe(200);
  });
});
