import { createHash } from 'node:crypto';
import type { BacktestRun, Clip, PublishedRuleset } from '@mingjing/contracts';
import { defaultRuleset } from '@mingjing/rules';
import { caseEvent, daysAgo, type Installation } from './installation.ts';
import { until } from './until.ts';

export const CITY = '130600';
export const OURS = '130681';
export const THEIRS = '130682';
const WITHIN_MS = 45_000;
/** Whatever is theirs holds one of these. */
export const THEIR_MARKS = /130682|定州|dz-|秘-/;

/** An operation of the API, as its reference describes it. */
export interface Operation {
  method: string;
  path: string;
  security: unknown[];
  parameters: { name: string; in: 'path' | 'query'; required: boolean }[];
}

/** A case of one of the counties whose one working day was over long ago. */
export function overdue(at: 'zz' | 'dz', caseNo: string) {
  return caseEvent(
    'case.accepted',
    daysAgo(40),
    {
      ...{ region: at === 'zz' ? OURS : THEIRS, caseNo, department: `${at}-housing`, officer: `${at}-王` },
      ...{ hall: `${at}-hall`, counter: `${at}-1`, limit: { budget: { workingDays: 1 } } },
    },
    { source: `${at}-approval` },
  );
}

/** Every operation that the API reference names. */
export async function readOperations(centre: Installation): Promise<Operation[]> {
  const { body } = await centre.call('GET /api/openapi.json');
  const { paths } = body as { paths: Record<string, Record<string, Partial<Operation>>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security = [], parameters = [] }]) => ({
      ...{ method: method.toUpperCase(), path, security, parameters },
    })),
  );
}

async function fillTheirCounty(centre: Installation): Promise<void> {
  const picture = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
  const sha256 = createHash('sha256').update(picture).digest('hex');
  const token = centre.tokens['media']!;
  await centre.call(`PUT /api/ingest/blobs/${sha256}`, { token, body: picture });
  const image = { sha256, mediaType: 'image/jpeg', width: 8, height: 8, bytes: picture.length };
  const now = new Date().toISOString();
  await centre.post('media', [
    caseEvent('screen.captured', now, {
      region: THEIRS,
      screen: 'dz-screen',
      changed: true,
      image,
      masked: true,
    }),
    caseEvent('stream.state', now, { region: THEIRS, camera: 'dz-camera', state: 'live', mode: 'copy' }),
  ]);
  const answer = await centre.post('dz-approval', [
    overdue('dz', '秘-1'),
    caseEvent('rating.given', now, { region: THEIRS, level: 1, comment: '秘-评' }),
    caseEvent('case.accepted', '9999-01-01T00:00:00Z', { region: THEIRS, caseNo: '秘-2' }),
  ]);
  if (answer.stored !== 2 || answer.rejected !== 1) throw new Error(JSON.stringify(answer));
}

/** Lets the city say something of theirs in the ruleset and the calendar. */
async function administerTheirCounty(centre: Installation): Promise<void> {
  const cookie = await centre.signIn('admin');
  const { version, ...body } = (
    (await centre.call('GET /api/rulesets/1', { cookie })).body as PublishedRuleset
  ).body;
  body.assignments.push({ region: THEIRS, ladder: 'baoding' });
  const draft = { base: version, note: '只为一县', body };
  const day = { region: THEIRS, date: '2026-12-01', working: false, name: '秘-假' };
  const days = { base: 0, note: '只为一县', put: [day], remove: [] };
  const made = [
    await centre.call('POST /api/rulesets', { cookie, body: draft }),
    await centre.call('POST /api/calendars', { cookie, body: days }),
  ];
  for (const { status, body: said } of made)
    if (status !== 201) throw new Error(`${status} ${JSON.stringify(said)}`);
}

async function id(centre: Installation, query: string): Promise<string> {
  const found = await until(
    async () => (await centre.pool.query<{ id: number }>(query)).rows,
    (rows) => rows.length > 0,
    WITHIN_MS,
  );
  return String(found[0]!.id);
}

/** A clip of theirs that is done, without a media host that cuts it. */
async function makeClip(centre: Installation): Promise<string> {
  const cookie = await centre.signIn('dz-inspector');
  const order = { camera: 'dz-camera', from: Date.now() - 60_000, to: Date.now() - 50_000, reason: '秘-证' };
  const { id: made } = (await centre.call('POST /api/clips', { cookie, body: order })).body as Clip;
  const sha256 = '0'.repeat(64);
  const report = {
    ...{ state: 'done', file: { sha256, bytes: 1 }, gaps: [] },
    segments: [{ startedAt: order.from, endedAt: order.to, sha256 }],
  };
  const token = centre.tokens['media']!;
  const { status } = await centre.call(`POST /api/service/clips/${made}`, { token, body: report });
  if (status !== 200) throw new Error(`the clip was not taken: ${status}`);
  return made;
}

/** Somebody watches a camera of theirs. */
async function makeViewing(centre: Installation): Promise<void> {
  const viewing = {
    ...{ id: crypto.randomUUID(), camera: 'dz-camera', user: 'dz-inspector', quality: 'main' },
    ...{ carriedBy: 'webrtc', startedAt: Date.now(), endedAt: null },
  };
  const token = centre.tokens['media']!;
  const { status } = await centre.call('POST /api/service/viewings', { token, body: [viewing] });
  if (status !== 200) throw new Error(`the viewing was not taken: ${status}`);
}

/** A layout, a patrol and a wall of theirs, by the paths of the API in which they stand. */
async function makeWall(centre: Installation): Promise<Record<string, string>> {
  const tile = { x: 0, y: 0, w: 1, h: 1, content: { kind: 'camera', camera: 'dz-camera' } };
  const own = { name: '秘-屏', region: THEIRS, sharedWith: { roles: ['inspector'] } };
  const put = async (path: string, body: unknown) => {
    const cookie = await centre.signIn('admin');
    const answer = await centre.call(`POST ${path}`, { cookie, body });
    if (answer.status !== 201) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
    return (answer.body as { id: string }).id;
  };
  const layout = await put('/api/layouts', { ...own, grid: { columns: 1, rows: 1, tiles: [tile] } });
  const step = { dwellSeconds: 9, show: { kind: 'layout', layout } };
  const patrol = await put('/api/patrols', { ...own, steps: [step] });
  const wall = await put('/api/walls', { name: '秘-屏', region: THEIRS, windows: [{ layout }], patrol });
  return {
    '/api/layouts/{id}': layout,
    '/api/patrols/{id}': patrol,
    ...Object.fromEntries(
      ['', '/state', '/tokens', '/commands', '/tokens/{token}'].map((part) => [
        `/api/walls/{id}${part}`,
        wall,
      ]),
    ),
  };
}

/**
 * Fills 定州市 with one of everything, through the doors that are there for it.
 * @returns the ids of its things by the path of the API in which they stand
 */
export async function theirThings(centre: Installation): Promise<Record<string, string>> {
  await administerTheirCounty(centre);
  await fillTheirCounty(centre);
  const alert = await id(centre, `SELECT id FROM alert WHERE kind = 'red' AND region = '${THEIRS}'`);
  const letter = await id(centre, `SELECT id FROM dead_letter WHERE source_id = 'dz-approval'`);
  const user = await id(centre, `SELECT id FROM app_user WHERE username = 'dz-inspector'`);
  const cookie = await centre.signIn('dz-inspector');
  const quiet = { region: THEIRS, kind: 'rating', reason: '秘-静', expiresAt: Date.now() + 3_600_000 };
  const silence = (await centre.call('POST /api/silences', { cookie, body: quiet })).body as { id: number };
  await id(centre, `SELECT 1 AS id FROM screen_state WHERE screen_id = 'dz-screen'`);
  const { version: _version, ...ruleset } = defaultRuleset;
  const trial = { body: ruleset, region: THEIRS, from: daysAgo(60), to: daysAgo(0) };
  const admin = await centre.signIn('admin');
  const backtest = (await centre.call('POST /api/backtests', { cookie: admin, body: trial }))
    .body as BacktestRun;
  const clip = await makeClip(centre);
  await makeViewing(centre);
  const walls = await makeWall(centre);
  const wish = { cookie, body: { reason: '秘-查看', minutes: 5 } };
  const unmasking = (await centre.call('POST /api/screens/dz-screen/unmask', wish)).body as { id: number };
  return {
    ...walls,
    '/api/clips/{id}/manifest': clip,
    '/api/clips/{id}/file': clip,
    '/api/service/clips/{id}': clip,
    '/api/clips/{id}/end': clip,
    '/api/backtests/{id}': backtest.id,
    '/api/alerts/{id}': alert,
    '/api/alerts/{id}/actions': alert,
    '/api/alerts/{id}/routing': alert,
    '/api/silences/{id}': String(silence.id),
    '/api/cases/{caseId}': encodeURIComponent(`${THEIRS}:秘-1`),
    '/api/cases/{caseId}/replay': encodeURIComponent(`${THEIRS}:秘-1`),
    '/api/screens/{id}/image': 'dz-screen',
    '/api/screens/{id}/history': 'dz-screen',
    '/api/screens/{id}/spans': 'dz-screen',
    '/api/screens/{id}/unmask': 'dz-screen',
    '/api/screens/{id}/unmaskings': 'dz-screen',
    '/api/admin/screens/{id}': 'dz-screen',
    '/api/admin/screens/{id}/token': 'dz-screen',
    '/api/unmaskings/{id}/image': String(unmasking.id),
    '/api/unmaskings/{id}/approve': String(unmasking.id),
    '/api/unmaskings/{id}/end': String(unmasking.id),
    '/api/users/{id}': user,
    '/api/sources/{id}': 'dz-approval',
    '/api/sources/{id}/token': 'dz-approval',
    '/api/dead-letters/{id}/replay': letter,
    '/api/halls/{id}': 'dz-hall',
    '/api/admin/cameras/{id}': 'dz-camera',
    '/api/admin/cameras/discovery/{id}': '00000000-0000-4000-8000-000000000000',
    // These are everybody's: they are asked for lest something of another county stand in them.
    '/api/matters/{id}': 'permit',
    '/api/rulesets/{version}': '2',
    '/api/calendars/{year}': '2026',
  };
}
