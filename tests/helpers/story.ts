import { expect } from '@jest/globals';
import {
  parseInstant,
  type Alert,
  type AlertHistory,
  type AlertKind,
  type Budget,
  alertQuerySchema,
  caseQuerySchema,
  ratingQuerySchema,
  type AlertPage,
  type CaseDetail,
  type CasePage,
  type CloudEvent,
  type RatingPage,
  type WallSnapshot,
} from '@mingjing/contracts';
import { defaultRuleset, shippedCalendars } from '@mingjing/rules';
import type { Viewer } from '../../center-server/src/auth/viewer.ts';
import { openDirectory, type Directory } from '../../center-server/src/directory.ts';
import { ingest } from '../../center-server/src/ingest/ingest.ts';
import { createIngestWriter } from '../../center-server/src/ingest/writer.ts';
import { CatchUp } from '../../center-server/src/pipeline/catchUp.ts';
import {
  stepDue,
  stepObservations,
  stepSources,
  type StepDeps,
} from '../../center-server/src/pipeline/step.ts';
import { getAlert, listAlerts } from '../../center-server/src/read/alerts.ts';
import { getCase } from '../../center-server/src/read/caseDetail.ts';
import { listCases } from '../../center-server/src/read/caseList.ts';
import { listRatings } from '../../center-server/src/read/ratings.ts';
import { wallSnapshot } from '../../center-server/src/read/wall.ts';
import { seedCity } from '../../center-server/src/seedCity.ts';
import { inTransaction, openPool, type Pool } from '../../center-server/src/store/database.ts';
import { SMALL_CITY } from './city.ts';
import { createTestDatabase } from './db.ts';

const RULES = { ruleset: () => defaultRuleset, calendars: () => shippedCalendars };
const COUNTY = '130681';
const SOURCE = 'zz-approval';
/** Sources are looked at this often as time passes; clocks at the very instants at which they fall due. */
const LOOK_MS = 30 * 60_000;
const SUPERVISOR: Viewer = {
  userId: 1,
  username: 'inspector',
  name: '王敏',
  role: 'inspector',
  region: '130600',
};

/** A local time of the story's city: 2026-02-16T09:00, with seconds where they matter. */
export type LocalTime = string;

function instant(time: LocalTime): number {
  return parseInstant(`${time.length === 16 ? `${time}:00` : time}+08:00`);
}

/** What a source tells; `time` where that is not the moment in which it tells it. */
export interface Told {
  id?: string;
  type: string;
  time?: LocalTime;
  data: Record<string, unknown>;
}

export const accepted = (caseNo: string, budget: Budget, more: Record<string, unknown> = {}): Told => ({
  type: 'case.accepted',
  data: { caseNo, title: caseNo, officer: '甲', limit: { budget }, ...more },
});
export const suspended = (caseNo: string, procedure = 'hearing'): Told => ({
  type: 'case.suspended',
  data: { caseNo, procedure, approver: '局长' },
});
export const resumed = (caseNo: string): Told => ({ type: 'case.resumed', data: { caseNo } });
export const decided = (caseNo: string, more: Record<string, unknown> = {}): Told => ({
  type: 'case.decided',
  data: { caseNo, officer: '乙', outcome: 'granted', ...more },
});
/** Takes back an earlier event and puts its true time in its place. */
export const corrected = (caseNo: string, corrects: string, time: LocalTime): Told => ({
  type: 'case.corrected',
  data: { caseNo, corrects, time: new Date(instant(time)).toISOString(), reason: '录入错误' },
});
export const heartbeat = (): Told => ({ type: 'heartbeat', data: {} });
/** The same, but it happened at another time than it is told. */
export const happened = (time: LocalTime, told: Told): Told => ({ ...told, time });

/** What a wall may show: an alert of one kind on one case or source. */
export interface Sign {
  kind: AlertKind;
  of: string;
}
const sign =
  (kind: AlertKind) =>
  (of: string): Sign => ({ kind, of });
export const notice = sign('notice');
export const yellow = sign('yellow');
export const red = sign('red');
export const risk = sign('risk');
export const silent = sign('silent');
export const ruleFailed = sign('rule-failed');

const matches = (alert: Alert, { kind, of }: Sign) =>
  alert.kind === kind && (alert.caseNo === of || alert.sourceId === of);

type Query = Record<string, string | readonly string[]>;

/** A centre on a clock that only the story moves: real ingest, real pipeline, real database. */
export interface Story {
  /** Lets time pass until then, and has the county's source tell something. */
  at: (time: LocalTime) => { observe: (...told: Told[]) => Promise<void> };
  /** Lets time pass: every clock is looked at when it falls due. */
  until: (time: LocalTime) => Promise<void>;
  wall: {
    /** Fails unless the wall shows it, and since when; its figures must count what it shows. */
    shows: (wanted: Sign, since?: LocalTime) => Promise<Alert>;
    showsNo: (unwanted: Sign) => Promise<void>;
    snapshot: () => Promise<WallSnapshot>;
  };
  /** The lists as the pages ask for them: the query's values as text. */
  lists: {
    cases: (query?: Query) => Promise<CasePage>;
    alerts: (query?: Query) => Promise<AlertPage>;
    ratings: (query?: Query) => Promise<RatingPage>;
  };
  /** Every alert of a sign that was ever raised, oldest first, each with what became of it. */
  trail(of: Sign): Promise<{ alert: Alert; history: AlertHistory[] }[]>;
  case(caseNo: string): Promise<CaseDetail>;
  end(): Promise<void>;
}

function failed(error: unknown): never {
  throw error;
}

/** The moving clock, and what must be done as it moves. */
class Time {
  now: number;
  readonly #pool: Pool;
  readonly #deps: StepDeps;

  constructor(pool: Pool, directory: Directory, start: LocalTime) {
    this.now = instant(start);
    this.#pool = pool;
    this.#deps = {
      pool,
      directory,
      rules: RULES,
      now: () => this.now,
      catchUp: new CatchUp(),
    };
  }

  async work(): Promise<void> {
    while ((await stepObservations(this.#deps)) !== null);
    while ((await stepDue(this.#deps)) !== null);
    await stepSources(this.#deps);
  }

  async passUntil(end: number): Promise<void> {
    if (end < this.now) throw new Error(`a story goes forward: it is ${new Date(this.now).toISOString()}`);
    while (this.now < end) {
      const found = await this.#pool.query<{ next: number | null }>(
        `SELECT (extract(epoch FROM min(next_at)) * 1000)::float8 AS next FROM clock
         WHERE next_at > to_timestamp($1 / 1000.0)`,
        [this.now],
      );
      this.now = Math.min(end, this.now + LOOK_MS, found.rows[0]?.next ?? Infinity);
      await this.work();
    }
  }
}

function checkFigures({ alerts, figures }: WallSnapshot): void {
  for (const kind of ['yellow', 'red', 'risk'] as const) {
    expect({ kind, standing: figures[kind].standing }).toEqual({
      kind,
      standing: alerts.filter((alert) => alert.kind === kind).length,
    });
  }
}

/**
 * Opens a story in the small city, on a database of its own.
 * @param options start: when it begins; expectEverySeconds: of the county's source, 0 unless told
 */
export async function openStory(options: { start: LocalTime; expectEverySeconds?: number }): Promise<Story> {
  const database = await createTestDatabase();
  const pool = openPool(database.url, 4, failed);
  const { expectEverySeconds = 0 } = options;
  const sources = SMALL_CITY.sources.map((one) => ({
    ...one,
    expectEverySeconds: one.id === SOURCE ? expectEverySeconds : 0,
  }));
  await inTransaction(pool, (client) =>
    seedCity(client, { actor: 'story', at: 0 }, { ...SMALL_CITY, sources }, undefined),
  );
  await pool.query('UPDATE source SET created_at = to_timestamp($1 / 1000.0)', [instant(options.start)]);
  const directory = await openDirectory(pool, failed);
  const time = new Time(pool, directory, options.start);
  const writer = createIngestWriter(pool, 10_000);
  const isRegion = (code: string) => directory.region(code) !== undefined;
  const deps = { pool, writer, isRegion, now: () => time.now, maxAheadMs: 0 };
  let sent = 0;

  const eventOf = ({ id = `told-${(sent += 1)}`, type, time: when, data }: Told): CloudEvent => ({
    ...{ specversion: '1.0', id, source: SOURCE, type },
    time: new Date(when === undefined ? time.now : instant(when)).toISOString(),
    data: { region: COUNTY, ...data },
  });
  const snapshot = () =>
    wallSnapshot({ db: pool, directory, now: () => time.now }, SUPERVISOR, SUPERVISOR.region);

  return {
    at: (when) => ({
      async observe(...told) {
        await time.passUntil(instant(when));
        const answer = await ingest(deps, { id: SOURCE, region: COUNTY }, told.map(eventOf));
        expect(answer).toMatchObject({ stored: told.length });
        await time.work();
      },
    }),
    until: (when) => time.passUntil(instant(when)),
    wall: {
      async shows(wanted, since) {
        const wall = await snapshot();
        checkFigures(wall);
        const found = wall.alerts.filter((alert) => matches(alert, wanted));
        const seen = wall.alerts.map(({ kind, caseNo, sourceId }) => ({ kind, of: caseNo ?? sourceId }));
        expect({ wanted, times: found.length, seen }).toEqual({ wanted, times: 1, seen });
        const [alert] = found;
        if (since !== undefined) expect(new Date(alert!.at)).toEqual(new Date(instant(since)));
        return alert!;
      },
      async showsNo(unwanted) {
        const wall = await snapshot();
        checkFigures(wall);
        expect(wall.alerts.filter((alert) => matches(alert, unwanted))).toEqual([]);
      },
      snapshot,
    },
    lists: {
      cases: (query = {}) =>
        listCases(pool, SUPERVISOR, caseQuerySchema.parse(query), {
          directory,
          rules: RULES,
          now: () => time.now,
        }),
      alerts: (query = {}) => listAlerts(pool, SUPERVISOR, alertQuerySchema.parse(query)),
      ratings: (query = {}) => listRatings(pool, SUPERVISOR, ratingQuerySchema.parse(query)),
    },
    async trail(of) {
      const { alerts } = await listAlerts(pool, SUPERVISOR, { kind: [of.kind], limit: 500 });
      const ours = alerts.filter((alert) => matches(alert, of)).reverse();
      return Promise.all(ours.map(({ id }) => getAlert(pool, SUPERVISOR, id)));
    },
    case: (caseNo) =>
      getCase(pool, SUPERVISOR, `${COUNTY}:${caseNo}`, {
        directory,
        rules: RULES,
        now: () => time.now,
      }),
    async end() {
      directory.stop();
      await writer.drain();
      await pool.end();
      await database.drop();
    },
  };
}
