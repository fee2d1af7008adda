import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Delta } from '@mingjing/contracts';
import { pino } from 'pino';
import { openTestCentre, type TestCentre } from '../../../tests/helpers/centre.ts';
import type { Viewer } from '../auth/viewer.ts';
import { openDirectory, type Directory } from '../directory.ts';
import { noEffects } from '../pipeline/effects.ts';
import type { Queryable } from '../store/database.ts';
import { createHub } from './hub.ts';

const INSPECTOR: Viewer = {
  ...{ userId: 1, username: 'inspector', name: '王敏', role: 'inspector', region: '130600' },
};

let centre: TestCentre;
let directory: Directory;
beforeAll(async () => {
  centre = await openTestCentre();
  directory = await openDirectory(centre.pool, () => undefined);
}, 60_000);
afterAll(async () => {
  directory.stop();
  await centre.close();
});

/** The database, counting what is asked of it, and failing every look-up of alerts by id. */
function watchedDb() {
  let asked = 0;
  const ask = centre.pool.query.bind(centre.pool) as (...all: unknown[]) => Promise<unknown>;
  const query = (...all: unknown[]): Promise<unknown> => {
    asked += 1;
    if (JSON.stringify(all[0]).includes('alert.id = ANY')) return Promise.reject(new Error('not now'));
    return ask(...all);
  };
  return { db: { query: query as Queryable['query'] }, asked: () => asked };
}

test('walls that join together share one reading of the snapshot', async () => {
  const { db, asked } = watchedDb();
  const hub = createHub({ db, directory, now: () => centre.clock.now }, pino({ level: 'silent' }));
  await hub.join(INSPECTOR, '130600');
  const forOne = asked();
  const joined = await Promise.all(Array.from({ length: 50 }, () => hub.join(INSPECTOR, '130600')));
  expect(asked()).toBe(2 * forOne);
  expect(new Set(joined.map(({ snapshot }) => snapshot)).size).toBe(1);
  // Sharing never goes beyond what the viewer may see.
  const county = { ...INSPECTOR, region: '130681' };
  const both = [hub.join(INSPECTOR, '130682'), hub.join(county, '130682')];
  expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  hub.stop();
});

test('a wall whose room was dropped while it joined is told to join again', async () => {
  const { db } = watchedDb();
  const hub = createHub({ db, directory, now: () => centre.clock.now }, pino({ level: 'silent' }));
  const failed = new Promise<string>((resync) => {
    hub.carry({ send: () => undefined, resync, isWatched: () => true });
  });
  // Holds the snapshot until the telling has failed and dropped every room.
  const held = await centre.pool.connect();
  await held.query('BEGIN');
  await held.query('LOCK TABLE screen IN ACCESS EXCLUSIVE MODE');
  const joining = hub.join(INSPECTOR, '130600');
  hub.publish({ ...noEffects(), alerts: [1] });
  expect(await failed).toBe('130600');
  await held.query('ROLLBACK');
  held.release();
  expect((await joining).missed).toBeUndefined();
  expect((await hub.join(INSPECTOR, '130600')).missed).toMatchObject({ deltas: [] });
  hub.stop();
});

test('what was moved or taken out of use leaves every scope that held it, and no other hears of it', async () => {
  const { db } = watchedDb();
  const hub = createHub({ db, directory, now: () => centre.clock.now }, pino({ level: 'silent' }));
  const told = new Map<string, Delta[]>();
  const { promise: all, resolve } = Promise.withResolvers<undefined>();
  hub.carry({
    send: ({ scope, deltas }) => {
      if (deltas.length > 0) told.set(scope, [...(told.get(scope) ?? []), ...deltas]);
      // The last that this test publishes.
      if (scope === '130681100' && deltas.some(({ type }) => type === 'screenGone')) resolve(undefined);
    },
    resync: () => undefined,
    isWatched: () => true,
  });
  for (const region of ['130600', '130681', '130682', '130681100']) await hub.join(INSPECTOR, region);
  await centre.pool.query(`UPDATE camera SET region = '130682' WHERE id = 'zz-camera'`);
  await centre.pool.query(`UPDATE screen SET disabled_at = now() WHERE id = 'zz-screen'`);
  hub.publish({
    ...noEffects(),
    cameras: ['zz-camera'],
    former: [
      { kind: 'camera', id: 'zz-camera', region: '130681' },
      { kind: 'screen', id: 'zz-screen', region: '130681100' },
    ],
  });
  await all;
  const moved = { type: 'camera', camera: expect.objectContaining({ id: 'zz-camera', region: '130682' }) };
  const screenGone = { type: 'screenGone', screen: 'zz-screen' };
  expect(Object.fromEntries(told)).toEqual({
    '130600': [screenGone, moved],
    '130681': [{ type: 'cameraGone', camera: 'zz-camera' }, screenGone],
    '130681100': [screenGone],
    '130682': [moved],
  });
  hub.stop();
});
