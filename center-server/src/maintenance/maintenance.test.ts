import { createHash } from 'node:crypto';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { openTestCentre, type TestCentre } from '../../../tests/helpers/centre.ts';
import { overflowOf, startMaintenance, sweepPictures } from './maintenance.ts';

const DAY_MS = 24 * 3_600_000;

let centre: TestCentre;
beforeAll(async () => {
  centre = await openTestCentre();
}, 60_000);
afterAll(() => centre.close());

test('pictures that no screen shows any more go when they are old, and nothing else goes', async () => {
  const { pool, blobs, clock } = centre;
  const log = pino({ level: 'silent' });
  const deps = {
    pool,
    blobs,
    log,
    now: () => clock.now,
    keepDays: 9999,
    keepPicturesDays: 30,
    keepPicturesBytes: null,
    keepUnmaskedHours: 24,
    deadLetterDays: 90,
    keepViewingsDays: 365,
  };
  const folder = path.join(centre.config.centre.dataDir, 'blobs');
  const fileOf = (sha256: string) => path.join(folder, sha256.slice(0, 2), sha256);
  const put = async (text: string, ageDays: number) => {
    const bytes = Buffer.from(text);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await blobs.put(sha256, bytes);
    const seconds = (clock.now - ageDays * DAY_MS) / 1000;
    await utimes(fileOf(sha256), seconds, seconds);
    return sha256;
  };
  const shown = await put('shown for weeks', 40);
  const fresh = await put('fresh', 29);
  const again = await put('shown again', 40);
  await put('long gone', 31);
  // What a crash in the middle of writing leaves behind.
  const half = `${fileOf(fresh)}.half`;
  await writeFile(half, 'ha');
  const yesterday = (clock.now - DAY_MS) / 1000;
  await utimes(half, yesterday, yesterday);
  await pool.query(`INSERT INTO screen_state (screen_id, sha256, seen_at) VALUES ('zz-screen', $1, now())`, [
    shown,
  ]);
  // Sent anew: whoever was told "duplicate" relies on it from now on.
  expect(await blobs.put(again, Buffer.from('shown again'))).toBe('duplicate');

  expect(await sweepPictures(deps)).toBe(2);
  const left = (await readdir(folder, { recursive: true })).filter((name) => name.includes(path.sep));
  expect(left.map((name) => path.basename(name)).sort()).toEqual([again, fresh, shown].sort());
  expect(await sweepPictures(deps)).toBe(0);
  // Of too many bytes the oldest go, but not what is shown, and not what came in the last hour.
  const come = await put('just come', 0.01);
  expect(await sweepPictures({ ...deps, keepPicturesBytes: 50 })).toBe(0);
  expect(await sweepPictures({ ...deps, keepPicturesBytes: 21 })).toBe(1);
  expect(await blobs.get(fresh)).toBeUndefined();
  await sweepPictures({ ...deps, keepPicturesBytes: 1 });
  expect([await blobs.get(come), await blobs.get(shown)].map(String)).toEqual([
    'just come',
    'shown for weeks',
  ]);
});

test('what is beyond the bytes that may be kept is counted from the newest hour', () => {
  const byHour = new Map([
    [10, 5],
    [12, 5],
    [11, 5],
  ]);
  const hours = (most: number) => (overflowOf(byHour, most) ?? 0) / 3_600_000;
  expect([15, 14, 10, 9, 4].map(hours)).toEqual([0, 11, 11, 12, 13]);
});

test('refused events go when they were kept long enough, and the younger stay', async () => {
  const { pool, blobs, clock } = centre;
  const log = pino({ level: 'silent' });
  const refuse = (id: string, ageDays: number) =>
    pool.query(
      `INSERT INTO dead_letter (source_id, received_at, event_id, reason, body)
       VALUES ('zz-approval', to_timestamp($2 / 1000.0), $1, 'no such region', '{}')`,
      [id, clock.now - ageDays * DAY_MS],
    );
  await refuse('old', 90.01);
  await refuse('young', 89.99);
  const deps = { pool, blobs, log, now: () => clock.now };
  const maintenance = startMaintenance({
    ...deps,
    keepDays: 9999,
    keepPicturesDays: 30,
    keepPicturesBytes: null,
    keepUnmaskedHours: 24,
    deadLetterDays: 90,
    keepViewingsDays: 365,
  });
  await maintenance.stop(); // waits for the round that it began with
  const left = await pool.query<{ event_id: string }>('SELECT event_id FROM dead_letter');
  expect(left.rows).toEqual([{ event_id: 'young' }]);
});
