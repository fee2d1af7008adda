import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CLOUDEVENT_BATCH, type CloudEvent, type Problem } from '@mingjing/contracts';
import { PROJECT_DIR } from '../scripts/runtime/paths.ts';
import { startChild, type Child } from '../scripts/runtime/process/child.ts';
import {
  caseEvent,
  daysAgo,
  openInstallation,
  type Answer,
  type Installation,
} from './helpers/installation.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { until } from './helpers/until.ts';

failOnLeaks();

const QUEUE = 200;
const BATCH = 100;
const SENDERS = 40;
const ROUNDS = 500;
const COLLECTED = 2000;

let centre: Installation;
let folder: string;
let collector: Child | undefined;

function batch(size: number, name: string): CloudEvent[] {
  return Array.from({ length: size }, (_, n) =>
    caseEvent('case.accepted', daysAgo(0.001), { caseNo: `${name}-${n}` }),
  );
}
function post(events: CloudEvent[]): Promise<Answer> {
  const token = centre.tokens['zz-approval']!;
  return centre.call('POST /api/ingest', {
    token,
    headers: { 'content-type': CLOUDEVENT_BATCH },
    body: events,
  });
}
async function storedIds(): Promise<Set<string>> {
  const found = await centre.pool.query<{ id: string }>('SELECT id FROM observation');
  expect(new Set(found.rows.map(({ id }) => id)).size).toBe(found.rowCount);
  return new Set(found.rows.map(({ id }) => id));
}

describe('a centre whose queue holds two batches', () => {
  beforeAll(async () => {
    centre = await openInstallation({ env: { MINGJING_INGEST_QUEUE_EVENTS: String(QUEUE) } });
    folder = mkdtempSync(path.join(tmpdir(), 'mingjing-flood-'));
  }, 120_000);
  afterAll(async () => {
    await collector?.stop();
    await centre.close();
    rmSync(folder, { recursive: true });
  }, 60_000);

  test('refuses a flood with 429 and Retry-After, and keeps everything that it accepted', async () => {
    const accepted: CloudEvent[] = [];
    const refused: Answer[] = [];
    let waiting = Array.from({ length: SENDERS }, (_, sender) => batch(BATCH, `洪-${sender}`));
    // Impolite senders: what is refused comes again at once.
    for (let round = 0; round < ROUNDS && waiting.length > 0; round += 1) {
      const answers = await Promise.all(waiting.map(post));
      for (const [sender, answer] of answers.entries()) {
        if (answer.status === 429) {
          refused.push(answer);
          continue;
        }
        expect(answer).toMatchObject({ status: 200, body: { stored: BATCH, rejected: 0, duplicate: 0 } });
        accepted.push(...waiting[sender]!);
      }
      waiting = waiting.filter((_, sender) => answers[sender]!.status === 429);
    }
    expect(waiting).toEqual([]);
    expect(refused.length).toBeGreaterThan(0);
    for (const { headers, body } of refused) {
      expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      expect(body as Problem).toMatchObject({ type: 'urn:mingjing:problem:busy', status: 429 });
    }
    expect(await storedIds()).toEqual(new Set(accepted.map(({ id }) => id)));
    await centre.settled();
    const cases = await centre.pool.query<{ n: number }>('SELECT count(*) AS n FROM case_state');
    expect(cases.rows[0]!.n).toBe(accepted.length);
  }, 180_000);

  test('takes a batch that is larger than the queue when nothing waits', async () => {
    const answer = await post(batch(QUEUE + 1, '大'));
    expect(answer.body).toMatchObject({ stored: QUEUE + 1 });
  });

  test('a collector gets through the flood by itself, with every event once', async () => {
    const before = await storedIds();
    const events = batch(COLLECTED, '采');
    writeFileSync(path.join(folder, 'events.json'), JSON.stringify(events));
    const said: string[] = [];
    collector = startChild({
      name: 'the collector',
      command: process.execPath,
      args: [
        path.join(PROJECT_DIR, 'tests/helpers/outbox-sender.ts'),
        ...[centre.url, centre.tokens['zz-approval']!],
        ...[path.join(folder, 'events.json'), path.join(folder, 'outbox.sqlite')],
      ],
      cwd: PROJECT_DIR,
      env: { PATH: process.env['PATH'] },
      onLine: (line) => said.push(line),
    });
    const drained = () => said.find((line) => line.includes('"drained"'));
    const flooded: CloudEvent[] = [];
    for (let round = 0; drained() === undefined && round < 60; round += 1) {
      const floods = Array.from({ length: 6 }, () => batch(BATCH, `涌-${round}`));
      const answers = await Promise.all(floods.map(post));
      answers.forEach(({ status }, index) => status === 200 && flooded.push(...floods[index]!));
    }
    const line = await until(drained, (found) => found !== undefined, 90_000);
    expect(JSON.parse(line!)).toEqual({ event: 'drained', rejected: [] });
    expect(await storedIds()).toEqual(new Set([...before, ...[...events, ...flooded].map(({ id }) => id)]));
  }, 180_000);
});
