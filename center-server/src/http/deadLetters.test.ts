import { CLOUDEVENT_BATCH, type DeadLetterPage } from '@mingjing/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openTestCentre, type TestCentre } from '../../../tests/helpers/centre.ts';

let centre: TestCentre;
let cookie: string;
beforeAll(async () => {
  centre = await openTestCentre();
  cookie = await centre.signIn('zz-admin');
}, 60_000);
afterAll(() => centre.close());

const event = (id: string, region: string) => ({
  specversion: '1.0',
  id,
  source: 'zz-approval',
  type: 'heartbeat',
  time: '2026-11-23T08:59:00+08:00',
  data: { region },
});

async function letters(query = ''): Promise<DeadLetterPage> {
  return (await centre.call(`GET /api/dead-letters${query}`, { cookie })).body as DeadLetterPage;
}

describe('dead letters', () => {
  test('are listed with their reason, and played again once what was wrong is mended', async () => {
    const sent = await centre.call('POST /api/ingest', {
      token: centre.tokens['zz-approval']!,
      headers: { 'content-type': CLOUDEVENT_BATCH },
      body: [event('good', '130681'), event('new-town', '130681777')],
    });
    expect(sent.body).toMatchObject({ stored: 1, rejected: 1 });
    const [letter] = (await letters()).letters;
    expect(letter).toMatchObject({ eventId: 'new-town', sourceId: 'zz-approval', replayedAt: null });
    expect(letter!.reason).toContain('130681777');

    // Still wrong: the old letter is done, a new one tells the reason.
    const replay = (id: number) => centre.call(`POST /api/dead-letters/${id}/replay`, { cookie });
    expect((await replay(letter!.id)).body).toMatchObject({ stored: 0, rejected: 1 });
    expect((await replay(letter!.id)).status).toBe(409);
    const page = await letters('?limit=1');
    expect(page).toMatchObject({ total: 2, next: page.letters[0]!.id, letters: [{ eventId: 'new-town' }] });
    expect((await letters(`?before=${page.next}`)).letters[0]!.replayedAt).toBe(centre.clock.now);

    // Mended: the letter's own source may report on its region now.
    await centre.pool.query(
      `UPDATE dead_letter SET body = replace(body, '130681777', '130681100') WHERE id = $1`,
      [page.letters[0]!.id],
    );
    expect((await replay(page.letters[0]!.id)).body).toMatchObject({ stored: 1, rejected: 0 });
    const kept = await centre.pool.query(`SELECT region FROM observation WHERE id = 'new-town'`);
    expect(kept.rows).toEqual([{ region: '130681100' }]);
  });

  test('one that was cut off is said to be unplayable', async () => {
    const made = await centre.pool.query<{ id: number }>(
      `INSERT INTO dead_letter (source_id, received_at, reason, body) VALUES ('zz-approval', now(), 'r', '{"id":…') RETURNING id`,
    );
    const answer = await centre.call(`POST /api/dead-letters/${made.rows[0]!.id}/replay`, { cookie });
    expect(answer.status).toBe(409);
  });
});
