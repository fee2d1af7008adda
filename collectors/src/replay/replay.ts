import { constants, mkdtempSync, rmSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OverdueReport } from '@mingjing/contracts';
import type { Logger } from 'pino';
import {
  feedLog,
  LogError,
  shippedMappings,
  loadMapping,
  Tally,
  type LogCounts,
  type Mapping,
} from '../mapping/index.ts';
import {
  appendWhenRoom,
  Centre,
  CentreError,
  messageOf,
  Outbox,
  Sender,
  type OutboxItem,
} from '../outbox/index.ts';
import { openLog } from '../files/open.ts';
import { startEphemeral } from './ephemeral.ts';
import { explainCase, type Explanation } from './explain.ts';
import type { ReplayOptions } from './options.ts';
import { Timeline } from './pace.ts';
import { verdict, type Expected } from './verdict.ts';

/** What a replay needs of the world. */
export interface ReplayContext {
  log: Logger;
  /** Tells people how it goes. */
  say: (line: string) => void;
  signal: AbortSignal;
  /** The running centre, its token and its source, where there is no ephemeral one. */
  centreUrl: string;
  token: string | undefined;
  source: string;
}

const EPHEMERAL_SOURCE = 'replay';

/** Where the observations go, and under which name. */
interface Target {
  url: string;
  token: string;
  source: string;
  stop: () => Promise<void>;
}

async function targetOf(
  options: ReplayOptions,
  mappings: Mapping[],
  context: ReplayContext,
): Promise<Target> {
  const source = options.ephemeral ? EPHEMERAL_SOURCE : (options.source ?? context.source);
  if (!options.ephemeral) {
    const token = options.token ?? context.token;
    if (token === undefined) {
      throw new Error(
        `a token of a source is needed: mingjing source add --id replay --name Replay --kind xes --region CODE, ` +
          `then --source replay --token TOKEN (or MINGJING_COLLECTORS_TOKEN). Without a running centre: --ephemeral`,
      );
    }
    const url = options.centre ?? context.centreUrl;
    await checkCentre(new Centre({ url, token }), source);
    return { url, token, source, stop: () => Promise.resolve() };
  }
  const [first] = mappings;
  const region = options.region ?? first?.region ?? '130600';
  const zone = options.zone ?? first?.zone ?? 'Asia/Shanghai';
  const calendar = options.calendar ?? first?.calendar ?? 'cn';
  const began = performance.now();
  context.say('starting a centre with an empty database …');
  const centre = await startEphemeral({ source, region, zone, calendar });
  context.say(`it is ready at ${centre.url} after ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return { ...centre, source };
}

/** Asks for what will be asked at the end: a wrong address, token or source is told now. */
async function checkCentre(centre: Centre, source: string): Promise<void> {
  try {
    await centre.get(`/api/report/overdue?${new URLSearchParams({ source }).toString()}`);
  } catch (error) {
    if (!(error instanceof CentreError)) throw error;
    const hint =
      error.status === null
        ? 'is it running (mingjing start)? Without a running centre: --ephemeral'
        : `is the token that of source "${source}" (--source, --token)?`;
    throw new Error(`${error.message}; ${hint}`, { cause: error });
  }
}

/** Sends a log through an outbox; resolves when the centre has answered for every observation of it. */
async function send(
  file: string,
  options: ReplayOptions,
  mappings: Mapping[],
  target: Target,
  context: ReplayContext,
) {
  const folder = mkdtempSync(join(tmpdir(), 'mingjing-replay-'));
  const outbox = new Outbox({ file: join(folder, 'outbox.sqlite') });
  const centre = new Centre(target);
  const sender = new Sender({ outbox, centre, log: context.log });
  sender.start();
  const tally = new Tally();
  try {
    const deliver = async (items: OutboxItem[]): Promise<void> => {
      await appendWhenRoom(outbox, items, context.log, context.signal);
    };
    const sent = await feedAndPlay(file, options, mappings, target.source, {
      tally,
      deliver,
      context,
    }).finally(() =>
      // Also of a log that breaks off: what was read before stays.
      drained(outbox, context),
    );
    for (const line of tally.lines()) context.say(`note: ${line}`);
    for (const { id, reason } of outbox.rejected(5))
      context.say(`note: the centre rejected ${id}: ${reason}`);
    return { ...sent, centre };
  } finally {
    await sender.stop();
    outbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Way {
  tally: Tally;
  deliver: (items: OutboxItem[]) => Promise<void>;
  context: ReplayContext;
}

async function feedAndPlay(
  file: string,
  options: ReplayOptions,
  mappings: Mapping[],
  source: string,
  way: Way,
) {
  const { tally, context } = way;
  const timeline = Number.isFinite(options.speed) ? new Timeline() : undefined;
  const deliver = async (items: OutboxItem[]): Promise<void> => {
    if (timeline) timeline.add(items);
    else await way.deliver(items);
  };
  const cases = new Map<string, boolean>();
  try {
    const counts = await feedLog({
      ...{ log: openLog(file, mappings, tally), mappings, tally, deliver, source },
      ...{ clock: options.clock, calendar: options.calendar, zone: options.zone, region: options.region },
      onMapping: ({ name, description }) =>
        context.say(`mapping: ${name}${description === undefined ? '' : ` (${description})`}`),
      onCase: ({ caseNo, events }) => {
        if (events.length === 0) return;
        const ended = events.some(({ type }) => type === 'case.decided' || type === 'case.withdrawn');
        cases.set(caseNo, ended || cases.get(caseNo) === true);
      },
    });
    context.say(
      `read ${counts.cases} cases with ${counts.events} events: ${counts.observations} observations`,
    );
    if (timeline) await timeline.play(options.speed, way.deliver);
    const expected = { cases: cases.size, closed: [...cases.values()].filter(Boolean).length };
    return { counts, expected };
  } finally {
    timeline?.close();
  }
}

/** Resolves when the outbox is empty; says from time to time how much is left. */
async function drained(outbox: Outbox, { say, signal }: ReplayContext): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const check = (): void => {
    if (outbox.waiting === 0 || signal.aborted) resolve(undefined);
  };
  const forget = outbox.onChange(check);
  signal.addEventListener('abort', check, { once: true });
  const progress = setInterval(() => say(`${outbox.waiting} observations wait for the centre`), 5000);
  check();
  await promise;
  clearInterval(progress);
  forget();
}

function asOfOf(options: ReplayOptions, counts: LogCounts, file: string): string {
  if (options.asOf !== undefined) return options.asOf;
  if (counts.lastEventAt !== undefined) return new Date(counts.lastEventAt).toISOString();
  throw new Error(`${file}: no event has a time; say with --as-of at which instant open cases are judged`);
}

/** What a replay tells: the centre's counts, the events as they stood in the log. */
export type Replayed = Omit<OverdueReport, 'pending'> & { explanation?: Explanation };

async function judge(
  sent: { counts: LogCounts; expected: Expected; centre: Centre },
  source: string,
  asOf: string,
  context: ReplayContext,
): Promise<Replayed> {
  const { counts, expected, centre } = sent;
  const { report, complete } = await verdict(centre, source, asOf, expected, context.signal);
  if (!complete) {
    context.say(
      `note: expected ${expected.cases} cases, ${expected.closed} of them closed; the centre tells ${report.cases} and ${report.closed.total}`,
    );
  } else if (report.cases > expected.cases) {
    context.say(
      `note: source ${source} has ${report.cases - expected.cases} cases that are not of this log; they are counted too`,
    );
  }
  const { pending: _, ...counted } = report;
  return { ...counted, events: counts.events };
}

/**
 * Replays a log through collector, outbox, ingest, store and rules of a centre.
 * @returns cases and overdue as the centre tells them; events as they stood in the log
 */
export async function replay(
  file: string,
  options: ReplayOptions,
  context: ReplayContext,
): Promise<Replayed> {
  const mappings = options.mapping === undefined ? shippedMappings() : [loadMapping(options.mapping)];
  await access(file, constants.R_OK).catch((error: unknown) => {
    throw new LogError(`${file} cannot be read: ${messageOf(error)}`);
  });
  const target = await targetOf(options, mappings, context);
  try {
    const sent = await send(file, options, mappings, target, context);
    const asOf = asOfOf(options, sent.counts, file);
    context.say(`open cases are judged as of ${asOf}`);
    const report = await judge(sent, target.source, asOf, context);
    if (options.explain === undefined) return report;
    const asked = { source: target.source, case: options.explain, asOf };
    return { ...report, explanation: await explainCase(sent.centre, asked) };
  } finally {
    await target.stop();
  }
}
