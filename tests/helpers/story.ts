import { expect } from '@jest/globals';
import {
  alertQuerySchema,
  calendarDraftSchema,
  caseQuerySchema,
  matterChangeSchema,
  ratingQuerySchema,
  recordingPlanSchema,
  rulesetDraftSchema,
  type Alert,
  type AlertHistory,
  type AlertPage,
  type CalendarDay,
  type CaseDetail,
  type CasePage,
  type CloudEvent,
  type MatterChange,
  type RatingPage,
  type RecordingPlan,
  type Region,
  type Ruleset,
  type WallSnapshot,
} from '@mingjing/contracts';
import { calendarBook, publishCalendar } from '../../center-server/src/administer/calendars.ts';
import { changeMatter } from '../../center-server/src/administer/matters.ts';
import { officeOf, type Office } from '../../center-server/src/administer/office.ts';
import { publish, readRuleset, rulesetVersions } from '../../center-server/src/administer/rulesets.ts';
import type { Viewer } from '../../center-server/src/auth/viewer.ts';
import { openDirectory } from '../../center-server/src/directory.ts';
import { ingest } from '../../center-server/src/ingest/ingest.ts';
import { createIngestWriter } from '../../center-server/src/ingest/writer.ts';
import { actOnAlert, getAlert, listAlerts } from '../../center-server/src/read/alerts.ts';
import { getCase } from '../../center-server/src/read/caseDetail.ts';
import { listCases } from '../../center-server/src/read/caseList.ts';
import { listRatings } from '../../center-server/src/read/ratings.ts';
import { wallSnapshot } from '../../center-server/src/read/wall.ts';
import { seedCity } from '../../center-server/src/seedCity.ts';
import { lockCamera } from '../../center-server/src/store/cameras/lockCamera.ts';
import { deleteCamera, updateCamera } from '../../center-server/src/store/cameras/updateCamera.ts';
import { inTransaction, openPool, type Client } from '../../center-server/src/store/database.ts';
import { SMALL_CITY } from './city.ts';
import { createTestDatabase } from './db.ts';
import { Engine, Time } from './storyTime.ts';
import {
  CITY_SOURCE,
  COUNTIES,
  instant,
  matches,
  MEDIA_SOURCE,
  type County,
  type Sign,
  type StoryTime,
  type Told,
} from './storyWords.ts';

const CITY = '130600';
const SUPERVISOR: Viewer = {
  ...{ userId: 1, username: 'inspector', name: '王敏', role: 'inspector', region: CITY },
};

/** Who was told of an alert is another story: left out of its trail. */
const TELLINGS = new Set(['told', 'escalated', 'inhibited', 'uninhibited']);

type Query = Record<string, string | readonly string[]>;
type Rules = Omit<Ruleset, 'version'>;

/** A centre on a clock that only the story moves: real ingest, real pipeline, real database. */
export interface Story {
  /** Lets time pass until then, and has the counties' sources tell something. */
  at: (time: StoryTime) => { observe: (...told: Told[]) => Promise<void> };
  /** Lets time pass: every clock is looked at when it falls due. */
  until: (time: StoryTime) => Promise<void>;
  /** Lets time pass while no engine runs. */
  sleepUntil: (time: StoryTime) => void;
  /** Another engine beside the story's own, on connections of its own. */
  anotherEngine: () => Promise<Engine>;
  /** From now on an engine that has claimed a card is killed before it can commit; or no longer. */
  killBeforeCommit: (kill: boolean) => Promise<void>;
  /** What administrators do, now: of the whole centre, or of a county. */
  publishes: {
    calendar: (change: { put?: CalendarDay[]; notices?: number[] }, by?: County) => Promise<void>;
    /** A version made from the latest one, in effect at once or from then on. */
    ruleset: (change: (rules: Rules) => Rules, from?: StoryTime) => Promise<void>;
    matter: (id: string, change: MatterChange) => Promise<void>;
    camera: (id: string, change: { disabled: boolean } | 'removed') => Promise<void>;
  };
  wall: {
    /** Fails unless the wall shows it, and since when; its figures must count what it shows. */
    shows: (wanted: Sign, since?: StoryTime) => Promise<Alert>;
    showsNo: (unwanted: Sign) => Promise<void>;
    snapshot: () => Promise<WallSnapshot>;
  };
  /** The lists as the pages ask for them: the query's values as text. */
  lists: {
    cases: (query?: Query) => Promise<CasePage>;
    alerts: (query?: Query, county?: County) => Promise<AlertPage>;
    ratings: (query?: Query) => Promise<RatingPage>;
  };
  /** Does as a person does in the alert list, now. */
  closes(of: Sign): Promise<void>;
  /** Every alert of a sign that was ever raised, oldest first, each with what became of it. */
  trail(of: Sign): Promise<{ alert: Alert; history: AlertHistory[] }[]>;
  case(caseNo: string, county?: County): Promise<CaseDetail>;
  end(): Promise<void>;
}

interface Beginning {
  start: StoryTime;
  /** Of 涿州's source; 0 unless told. */
  expectEverySeconds?: number;
  /** Of the media host; 0 unless told. */
  mediaEverySeconds?: number;
  /** What is recorded of the cameras; continuous unless told. */
  recording?: RecordingPlan['mode'];
  /** Where a county is in another zone, or has another calendar. */
  places?: Partial<Record<County, Partial<Pick<Region, 'zone' | 'calendar'>>>>;
}

function planOf({
  expectEverySeconds = 0,
  mediaEverySeconds = 0,
  recording = 'continuous',
  places = {},
}: Beginning) {
  const expected: Record<string, number> = {
    [COUNTIES.涿州.source]: expectEverySeconds,
    [MEDIA_SOURCE.id]: mediaEverySeconds,
  };
  const sources = SMALL_CITY.sources.map((one) => ({ ...one, expectEverySeconds: expected[one.id] ?? 0 }));
  const cameras = SMALL_CITY.cameras.map((one) => ({
    ...one,
    recording: recordingPlanSchema.parse({ mode: recording }),
  }));
  const regions = SMALL_CITY.regions.map((one) => {
    const county = (Object.keys(COUNTIES) as County[]).find((name) => COUNTIES[name].region === one.code);
    return { ...one, ...(county && places[county]) };
  });
  const city = { ...CITY_SOURCE, name: '市督办', kind: 'http-push', expectEverySeconds: 0 };
  return { ...SMALL_CITY, sources: [...sources, city], regions, cameras };
}

function checkFigures({ alerts, figures }: WallSnapshot): void {
  for (const kind of ['yellow', 'red', 'risk'] as const) {
    expect({ kind, standing: figures[kind].standing }).toEqual({
      kind,
      standing: alerts.filter((alert) => alert.kind === kind).length,
    });
  }
}

const KILL = `
  CREATE FUNCTION kill() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
  CREATE CONSTRAINT TRIGGER kill AFTER INSERT ON card DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kill()`;

/** Opens a story in the small city, on a database of its own. */
export async function openStory(beginning: Beginning): Promise<Story> {
  const database = await createTestDatabase();
  let over = false;
  const failed = (error: unknown) => {
    if (!over) throw error;
  };
  const pools = [openPool(database.url, 4, failed)];
  const pool = pools[0]!;
  const start = instant(beginning.start);
  await inTransaction(pool, (client) =>
    seedCity(client, { actor: 'story', at: 0 }, planOf(beginning), undefined),
  );
  await pool.query('UPDATE source SET created_at = to_timestamp($1 / 1000.0)', [start]);
  const directory = await openDirectory(pool, failed);
  const time = new Time(pool, start);
  const now = () => time.now;
  const engine = await Engine.open(pool, directory, now, failed);
  const engines = [engine];
  const read = { directory, rules: engine.rules, now };
  const writer = createIngestWriter(pool, 10_000);
  const isRegion = (code: string) => directory.region(code) !== undefined;
  const ingestion = { pool, writer, isRegion, now, maxAheadMs: 0 };
  let sent = 0;

  const eventOf = (told: Told): CloudEvent => ({
    ...{ specversion: '1.0', id: told.id ?? `told-${(sent += 1)}`, type: told.type, source: 'story' },
    time: new Date(told.time === undefined ? time.now : instant(told.time)).toISOString(),
    data: { region: COUNTIES[told.county ?? '涿州'].region, ...told.data },
  });
  const sourceOf = ({ byCity = false, byMedia = false, county = '涿州' }: Told) =>
    byMedia
      ? MEDIA_SOURCE
      : byCity
        ? CITY_SOURCE
        : { id: COUNTIES[county].source, region: COUNTIES[county].region };
  async function observe(told: Told[]): Promise<void> {
    for (const [id, theirs] of Map.groupBy(told, (one) => sourceOf(one).id)) {
      const answer = await ingest(ingestion, sourceOf(theirs[0]!), theirs.map(eventOf));
      expect({ id, ...answer }).toMatchObject({ id, stored: theirs.length });
    }
    time.told();
    await engine.work();
  }
  const snapshot = () => wallSnapshot({ db: pool, directory, now }, SUPERVISOR, CITY);

  /** Does something as an administrator does it, in a transaction, and lets the engine see it. */
  async function administer(
    by: County | undefined,
    act: (client: Client, office: Office) => Promise<unknown>,
  ) {
    const { region, administrator } = by ? COUNTIES[by] : { region: CITY, administrator: 'admin' };
    const viewer: Viewer = { ...SUPERVISOR, username: administrator, role: 'administrator', region };
    const office = await officeOf(pool, viewer, time.now);
    await inTransaction(pool, (client) => act(client, office));
    await engine.work();
  }

  return {
    at: (when) => ({
      async observe(...told) {
        await time.passUntil(instant(when), engine);
        await observe(told);
      },
    }),
    until: (when) => time.passUntil(instant(when), engine),
    sleepUntil(when) {
      time.now = instant(when);
    },
    async anotherEngine() {
      const own = openPool(database.url, 4, failed);
      pools.push(own);
      const another = await Engine.open(own, directory, now, failed);
      engines.push(another);
      return another;
    },
    async killBeforeCommit(kill) {
      await pool.query(kill ? KILL : 'DROP FUNCTION kill CASCADE');
    },
    publishes: {
      calendar: ({ put = [], notices }, by) =>
        administer(by, async (client, office) => {
          const { version: base } = await calendarBook(client);
          const draft = { base, note: '放假安排', put, remove: [], ...(notices && { notices }) };
          return publishCalendar(client, office, calendarDraftSchema.parse(draft));
        }),
      ruleset: (change, from) =>
        administer(undefined, async (client, office) => {
          const [latest] = await rulesetVersions(client, office);
          const { body } = await readRuleset(client, office, latest!.version);
          const { version: base, ...rules } = body;
          const effectiveFrom =
            from === undefined ? {} : { effectiveFrom: new Date(instant(from)).toISOString() };
          const draft = { base, note: '调整', body: change(rules), ...effectiveFrom };
          return publish(client, office, rulesetDraftSchema.parse(draft));
        }),
      matter: (id, change) =>
        administer(undefined, (client, office) =>
          changeMatter(client, office, id, matterChangeSchema.parse(change)),
        ),
      camera: (id, change) =>
        administer(undefined, async (client) => {
          if (change === 'removed') return deleteCamera(client, id);
          const row = await lockCamera(client, id);
          return updateCamera(client, { ...row!, disabledAt: change.disabled ? time.now : null });
        }),
    },
    wall: {
      async shows(wanted, since) {
        const wall = await snapshot();
        checkFigures(wall);
        const found = wall.alerts.filter((alert) => matches(alert, wanted));
        const seen = wall.alerts.map(({ kind, rule, caseNo, sourceId }) => ({
          kind,
          rule,
          of: caseNo ?? sourceId,
        }));
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
      cases: (query = {}) => listCases(pool, SUPERVISOR, caseQuerySchema.parse(query), read),
      alerts: (query = {}, county) =>
        listAlerts(
          pool,
          { ...SUPERVISOR, region: county ? COUNTIES[county].region : CITY },
          alertQuerySchema.parse(query),
        ),
      ratings: (query = {}) => listRatings(pool, SUPERVISOR, ratingQuerySchema.parse(query)),
    },
    async trail(of) {
      const { alerts } = await listAlerts(pool, SUPERVISOR, { kind: [of.kind], limit: 500 });
      const ours = alerts.filter((alert) => matches(alert, of)).reverse();
      const told = await Promise.all(ours.map(({ id }) => getAlert(pool, SUPERVISOR, id)));
      return told.map(({ alert, history }) => ({
        alert,
        history: history.filter(({ action }) => !TELLINGS.has(action)),
      }));
    },
    async closes(of) {
      const { alerts } = await listAlerts(pool, SUPERVISOR, { kind: [of.kind], limit: 500 });
      const open = alerts.find((alert) => matches(alert, of) && alert.state === 'open');
      await actOnAlert(pool, SUPERVISOR, open!.id, { action: 'close' }, time.now);
      await engine.work();
    },
    case: (caseNo, county = '涿州') =>
      getCase(pool, SUPERVISOR, `${COUNTIES[county].region}:${caseNo}`, read),
    async end() {
      over = true;
      for (const one of engines) one.stop();
      directory.stop();
      await writer.drain();
      for (const one of pools) await one.end();
      await database.drop();
    },
  };
}
