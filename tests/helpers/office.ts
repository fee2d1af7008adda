import {
  type Budget,
  type CalendarAnswer,
  type PublishedRuleset,
  type RulesetDraft,
  type RulesetVersion,
} from '@mingjing/contracts';
import { openDirectory } from '../../center-server/src/directory.ts';
import { CatchUp } from '../../center-server/src/pipeline/catchUp.ts';
import { stepDue, stepObservations, type StepDeps } from '../../center-server/src/pipeline/step.ts';
import { stepRejudging } from '../../center-server/src/pipeline/stepRejudging.ts';
import { openRulebook, type Rulebook } from '../../center-server/src/rulebook.ts';
import { inTransaction } from '../../center-server/src/store/database.ts';
import { insertObservations } from '../../center-server/src/store/observations/insertObservations.ts';
import { openTestCentre, type Answer, type TestCentre } from './centre.ts';

const START = Date.parse('2026-11-23T09:00:00+08:00');

type Ask = (request: string, body?: unknown) => Promise<Answer>;

/** A centre whose rulebook is administered, with a pipeline that steps when it is told, and one case. */
export interface Office {
  centre: TestCentre;
  rulebook: Rulebook;
  /** Takes every case out, and turns the clock back to 23 November 2026. */
  empty(): Promise<void>;
  /** The case 130681:A-1 is accepted. */
  accept(time: string, budget?: Budget, data?: Record<string, unknown>): Promise<void>;
  tell(kind: string, time: string, data: Record<string, unknown>): Promise<void>;
  /** Works everything off, at that time. */
  run(at?: string): Promise<void>;
  cards(): Promise<string[]>;
  clock(): Promise<{ due: string | null; provisional: boolean } | undefined>;
  as(username: string, request: string, body?: unknown): Promise<Answer>;
  asAdmin: Ask;
  asCounty: Ask;
  /** The latest ruleset, to be changed and published. */
  draft(ask?: Ask): Promise<RulesetDraft>;
  calendarBase(): Promise<number>;
  waiting(): Promise<number>;
  close(): Promise<void>;
}

function looksInto({ pool }: TestCentre): Pick<Office, 'cards' | 'clock'> {
  return {
    async cards() {
      const found = await pool.query<{ card: string }>(
        `SELECT rung || CASE WHEN rescinded_at IS NULL THEN '' ELSE ' rescinded' END AS card FROM card ORDER BY id`,
      );
      return found.rows.map(({ card }) => card);
    },
    async clock() {
      const found = await pool.query<{ due: string | null; provisional: boolean }>(
        `SELECT due_date AS due, provisional FROM clock WHERE level = 'case'`,
      );
      return found.rows[0];
    },
  };
}

type Asking = Pick<Office, 'as' | 'asAdmin' | 'asCounty' | 'draft' | 'calendarBase' | 'waiting'>;

function asks(centre: TestCentre): Asking {
  /** Signed in anew each time: sessions do not outlive the weeks that pass here. */
  const as: Office['as'] = async (username, request, body) => {
    const cookie = await centre.signIn(username);
    return centre.call(request, { cookie, ...(body === undefined ? {} : { body }) });
  };
  const asAdmin: Ask = (request, body) => as('admin', request, body);
  return {
    as,
    asAdmin,
    asCounty: (request, body) => as('zz-admin', request, body),
    async draft(ask = asAdmin) {
      const [latest] = (await ask('GET /api/rulesets')).body as RulesetVersion[];
      const { version } = latest!;
      const { body } = (await ask(`GET /api/rulesets/${version}`)).body as PublishedRuleset;
      const { version: _, ...rest } = body;
      return { base: version, note: '测试', body: rest };
    },
    calendarBase: async () => ((await asAdmin('GET /api/calendars')).body as CalendarAnswer).book.version,
    waiting: async () => ((await asAdmin('GET /api/rejudging')).body as { waiting: number }).waiting,
  };
}

function tells(centre: TestCentre): Pick<Office, 'tell' | 'accept' | 'empty'> {
  let made = 0;
  const tell: Office['tell'] = async (kind, time, data) => {
    const [region, caseNo] = ['130681', 'A-1'];
    const observedAt = Date.parse(time);
    made += 1;
    await inTransaction(centre.pool, (client) =>
      insertObservations(client, [
        {
          ...{ source: 'zz-approval', id: `e${made}`, kind, region, observedAt, receivedAt: observedAt },
          ...{ caseId: `${region}:${caseNo}`, data: JSON.stringify({ region, caseNo, ...data }) },
        },
      ]),
    );
  };
  return {
    tell,
    accept: (time, budget, data = {}) =>
      tell('case.accepted', time, { ...(budget && { limit: { budget } }), ...data }),
    async empty() {
      centre.clock.now = START;
      await centre.pool.query(
        'TRUNCATE case_state, clock, card, alert, alert_history, rejudging, inbox, inbox_commit, observation CASCADE',
      );
      await centre.pool.query('UPDATE pipeline_cursor SET seq = 0');
    },
  };
}

export async function openOffice(): Promise<Office> {
  const centre = await openTestCentre();
  /** The database ends the last connections itself. */
  let closing = false;
  const failed = (error: unknown) => {
    if (!closing) throw error;
  };
  const now = () => centre.clock.now;
  const directory = await openDirectory(centre.pool, failed);
  const rulebook = await openRulebook(centre.pool, now, failed);
  const deps: StepDeps = { pool: centre.pool, directory, rules: rulebook, now, catchUp: new CatchUp() };
  return {
    centre,
    rulebook,
    ...looksInto(centre),
    ...asks(centre),
    ...tells(centre),
    async run(at) {
      if (at !== undefined) centre.clock.now = Date.parse(at);
      while ((await stepObservations(deps)) !== null);
      while ((await stepRejudging(deps)) !== null);
      while ((await stepDue(deps)) !== null);
    },
    async close() {
      closing = true;
      directory.stop();
      await rulebook.stop();
      await centre.close();
    },
  };
}
