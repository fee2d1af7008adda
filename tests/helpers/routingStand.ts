import type { AlertHistory } from '@mingjing/contracts';
import { defaultRuleset, shippedCalendars, type NewAlert } from '@mingjing/rules';
import { routeDue, type RoutingDeps } from '../../center-server/src/alerting/step.ts';
import { openDirectory } from '../../center-server/src/directory.ts';
import { raiseAlerts } from '../../center-server/src/store/alerts/raiseAlerts.ts';
import { openTestCentre, type TestCentre } from './centre.ts';

export const ZHUOZHOU = '130681';
/** A Friday. */
export const FRIDAY = Date.parse('2026-11-20T16:30:00+08:00');

export const sentence = (zh: string) => ({ zh, en: zh });

/** The routing of alerts on a real database, looked at as a clock moves that only the test moves. */
export interface RoutingStand {
  centre: TestCentre;
  deps: RoutingDeps;
  /** Alerts about which no decision could be made. */
  undecided: number[];
  /** The alert of a red card in 涿州市. */
  red(caseNo: string, change?: Partial<NewAlert>): NewAlert;
  raise(...alerts: NewAlert[]): Promise<number[]>;
  /** Lets time pass until a local time, the centre looking at all that falls due on the way. */
  until(text: string): Promise<void>;
  /** Who was told when, of how many alerts, and in which words. */
  told(): Promise<string[]>;
  historyOf(id: number, cookie: string): Promise<string[]>;
  /** Takes everything back to Friday and to no alerts. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

async function told({ pool }: TestCentre): Promise<string[]> {
  const found = await pool.query<{ text: string }>(
    `SELECT to_char(telling.at AT TIME ZONE 'Asia/Shanghai', 'MM-DD HH24:MI') || ' ' || username || ' ' || count(*)
            || ' ' || (title->>'zh') AS text
     FROM telling JOIN app_user ON app_user.id = user_id
     GROUP BY message, telling.at, username, title ORDER BY telling.at, message, username`,
  );
  return found.rows.map((row) => row.text);
}

async function until(centre: TestCentre, deps: RoutingDeps, text: string): Promise<void> {
  const end = Date.parse(`${text}:00+08:00`);
  for (;;) {
    while ((await routeDue(deps)) !== null);
    const next = await centre.pool.query<{ at: number | null }>(
      `SELECT extract(epoch FROM least(min(next_at), (SELECT min(expires_at) FROM silence WHERE ended_at IS NULL))) * 1000.0 AS at
       FROM alert`,
    );
    const at = next.rows[0]?.at ?? null;
    if (at === null || at > end) break;
    centre.clock.now = Math.ceil(at);
  }
  centre.clock.now = end;
}

function red(at: number, caseNo: string, change: Partial<NewAlert>): NewAlert {
  return {
    ...{ fingerprint: `card|${ZHUOZHOU}:${caseNo}|red`, kind: 'red', rule: 'overdue', ruleVersion: 1 },
    ...{ region: ZHUOZHOU, department: 'zz-housing', matter: null, caseId: `${ZHUOZHOU}:${caseNo}`, caseNo },
    ...{ sourceId: null, hall: null, counter: null, officer: null, values: {}, at },
    ...{ title: sentence(`${caseNo} 逾期`), reason: sentence('已超期') },
    ...change,
  };
}

export async function openRoutingStand(): Promise<RoutingStand> {
  const centre = await openTestCentre({ sessionHours: 24 * 30 });
  const directory = await openDirectory(centre.pool, (error) => {
    throw error;
  });
  directory.stop();
  const undecided: number[] = [];
  const deps: RoutingDeps = {
    pool: centre.pool,
    directory,
    rules: { ruleset: () => defaultRuleset, calendars: () => shippedCalendars },
    now: () => centre.clock.now,
    failed: (id) => undecided.push(id),
  };
  await centre.pool.query(
    `INSERT INTO app_user (username, name, role, region, password_hash) VALUES ('leader', '宋书记', 'leader', '130600', '')`,
  );
  centre.clock.now = FRIDAY;
  return {
    ...{ centre, deps, undecided },
    red: (caseNo, change = {}) => red(centre.clock.now, caseNo, change),
    raise: (...alerts) => raiseAlerts(centre.pool, alerts, centre.clock.now),
    until: (text) => until(centre, deps, text),
    told: () => told(centre),
    async historyOf(id, cookie) {
      const { body } = await centre.call(`GET /api/alerts/${id}`, { cookie });
      return (body as { history: AlertHistory[] }).history.map(({ action }) => action);
    },
    async clear() {
      centre.clock.now = FRIDAY;
      undecided.length = 0;
      await centre.pool.query('TRUNCATE alert, alert_history, telling, silence, case_state CASCADE');
    },
    close: () => centre.close(),
  };
}
