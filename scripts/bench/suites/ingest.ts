import { once } from 'node:events';
import { from as copyFrom } from 'pg-copy-streams';
import { post, openStand, type Stand } from '../stand.ts';
import type { Figure, Suite } from '../suite.ts';

const EVENTS = 60_000;
const BATCH = 1000;
/** Requests under way at once. */
const SENDERS = 8;
const ROUNDS = 3;
const BAR = 0.25;

interface Event {
  id: string;
  type: string;
  time: string;
  data: Record<string, unknown>;
}

const STEPS = [
  { type: 'case.submitted', data: { matter: 'bench-licence', applicant: '保定某建筑公司' } },
  { type: 'case.accepted', data: { officer: '04', limit: { budget: { workingDays: 15 } } } },
  { type: 'case.stage.completed', data: { stage: '初审', officer: '08' } },
  { type: 'case.decided', data: { outcome: 'granted', officer: '02' } },
];

/** A step of a case every twenty minutes: an ordinary one, that no rule has anything against. */
const STEP_MS = 20 * 60_000;

/** Cases of four events each, over the last hours. */
function makeEvents(round: string, region: string): Event[] {
  const start = Date.now() - 4 * 3_600_000;
  return Array.from({ length: EVENTS }, (_, index) => {
    const step = STEPS[index % STEPS.length];
    if (!step) throw new RangeError('no such step');
    return {
      id: `${round}-${index}`,
      type: step.type,
      time: new Date(start + index + (index % STEPS.length) * STEP_MS).toISOString(),
      data: {
        region,
        caseNo: `${round}-${Math.floor(index / STEPS.length)}`,
        department: '130681-housing',
        ...step.data,
      },
    };
  });
}

function chunks<T>(items: T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / BATCH) }, (_, at) =>
    items.slice(at * BATCH, (at + 1) * BATCH),
  );
}

/** Events per second through HTTP, validated, deduplicated, stored, and judged by the rules. */
async function throughTheCentre(stand: Stand, events: Event[]): Promise<number> {
  const bodies = chunks(events).map((batch) =>
    JSON.stringify(batch.map((event) => ({ specversion: '1.0', source: 'bench', ...event }))),
  );
  const before = await lastNumber(stand);
  const started = performance.now();
  await Promise.all(
    Array.from({ length: SENDERS }, async () => {
      for (let body = bodies.shift(); body !== undefined; body = bodies.shift()) await post(stand, body);
    }),
  );
  await untilJudged(stand, before + events.length);
  return events.length / ((performance.now() - started) / 1000);
}

async function lastNumber({ pool }: Stand): Promise<number> {
  const found = await pool.query<{ seq: string }>(
    'SELECT coalesce(max(last_seq), 0) AS seq FROM inbox_commit',
  );
  return Number(found.rows[0]?.seq);
}

async function untilJudged({ pool }: Stand, seq: number): Promise<void> {
  for (;;) {
    const found = await pool.query<{ seq: string }>(`SELECT seq FROM pipeline_cursor WHERE name = 'rules'`);
    if (Number(found.rows[0]?.seq) >= seq) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Events per second by COPY of the same rows into an empty hypertable of the same shape and indexes. */
async function byCopy({ pool, region }: Stand, events: Event[]): Promise<number> {
  await pool.query('DROP TABLE IF EXISTS bench_peer');
  await pool.query('CREATE TABLE bench_peer (LIKE observation INCLUDING ALL)');
  await pool.query(
    `SELECT create_hypertable('bench_peer', by_range('observed_at', interval '7 days'), create_default_indexes => false)`,
  );
  const lines = events.map(({ id, type, time, data }, index) => {
    const caseId = `${region}:${String(data['caseNo'])}`;
    return [time, index, time, 'bench', id, type, region, caseId, JSON.stringify(data)].join('\t');
  });
  const client = await pool.connect();
  try {
    const started = performance.now();
    const copy = client.query(copyFrom('COPY bench_peer FROM STDIN'));
    for (const chunk of chunks(lines)) {
      if (!copy.write(`${chunk.join('\n')}\n`)) await once(copy, 'drain');
    }
    copy.end();
    await once(copy, 'finish');
    return events.length / ((performance.now() - started) / 1000);
  } finally {
    client.release();
  }
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

async function measure(stand: Stand, log: (line: string) => void): Promise<Figure[]> {
  const pairs: { ours: number; copy: number }[] = [];
  // In turn, so that both meet the same noise of a shared machine.
  for (let round = 0; round < ROUNDS; round++) {
    const events = makeEvents(`r${round}`, stand.region);
    const ours = await throughTheCentre(stand, events);
    const copy = await byCopy(stand, events);
    log(`round ${round + 1} of ${ROUNDS}: ${Math.round(ours)} events/s, COPY ${Math.round(copy)} rows/s`);
    pairs.push({ ours, copy });
  }
  const ours = median(pairs.map((pair) => pair.ours));
  const copy = median(pairs.map((pair) => pair.copy));
  const ratio = median(pairs.map((pair) => pair.ours / pair.copy));
  return [
    {
      suite: 'ingest',
      name: 'end to end: HTTP, validated, stored, judged',
      value: ours,
      unit: 'events/s',
      peer: 'raw COPY of the same rows',
      ratio,
      bar: BAR,
      pass: ratio >= BAR,
    },
    {
      suite: 'ingest',
      name: 'raw COPY into the same hypertable',
      value: copy,
      unit: 'rows/s',
      peer: null,
      ratio: null,
      bar: null,
      pass: null,
    },
  ];
}

/** How many events a second the centre takes in, end to end, as a share of what the store itself can take. */
export const ingestSuite: Suite = {
  name: 'ingest',
  about: 'events per second end to end',
  async run(log) {
    const stand = await openStand(log);
    try {
      return await measure(stand, log);
    } finally {
      await stand.close();
    }
  },
};
