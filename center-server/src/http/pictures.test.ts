import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestCentre, type TestCentre } from '../../../tests/helpers/centre.ts';

let centre: TestCentre;
beforeAll(async () => {
  centre = await openTestCentre();
}, 60_000);
afterAll(() => centre.close());

test('a picture is shown only where a source of the screen’s own region has seen it', async () => {
  const bytes = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await centre.blobs.put(sha256, bytes);
  let seq = 0;
  const seen = (screen: string, region: string) =>
    centre.pool.query(
      `INSERT INTO observation (observed_at, seq, received_at, source, id, kind, region, data)
       VALUES (to_timestamp($1 / 1000.0), $2::int, now(), 's', $2::int::text, 'screen.captured', $3, $4)`,
      [
        centre.clock.now,
        (seq += 1),
        region,
        JSON.stringify({ screen, region, masked: true, image: { sha256 } }),
      ],
    );
  const cookie = await centre.signIn('dz-inspector');
  const fetched = async () =>
    (await centre.call(`GET /api/screens/dz-screen/image?sha256=${sha256}`, { cookie })).status;
  // 涿州 tells of a screen that stands in 定州.
  await seen('dz-screen', '130681');
  expect(await fetched()).toBe(404);
  await seen('dz-screen', '130682');
  expect(await fetched()).toBe(200);
});
