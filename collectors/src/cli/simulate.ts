/**
 * `mingjing simulate`: plays the working days of a city's halls through the public ingest API and serves
 * the pages that its counter screens show.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { pino } from 'pino';
import { z } from 'zod';
import { localDateSchema } from '@mingjing/contracts';
import { CounterBoard } from '../counter-page/board.ts';
import { serveCounterPages, type CounterPages } from '../counter-page/server.ts';
import { messageOf } from '../outbox/errors.ts';
import { loadCity, type City } from '../simulate/city.ts';
import { acceleratedClock, wallClock, type PlayClock } from '../simulate/clock.ts';
import { daysToPlay, firstInstant, playDays, type Played } from '../simulate/play.ts';
import { playLive } from '../simulate/playLive.ts';
import { CentrePoster } from '../simulate/poster.ts';
import { progressFile } from '../simulate/progress.ts';

interface Options {
  city: string;
  seed: number;
  from?: string;
  days: number;
  speed: number | 'max' | 'live';
  centre: string;
  tokens: string;
  counterPort: number;
  rate: number;
  progress: string;
  json?: true;
}

/** What is played, and what with. */
interface Play {
  options: Options;
  city: City;
  poster: CentrePoster;
  choice: { days: number } | { from: string };
  signal: AbortSignal;
  /** Names this play: its progress counts for nothing in another centre or with another seed. */
  name: string;
}

// Messages go to stderr: stdout carries the result alone.
const log = pino({ name: 'simulate' }, pino.destination(2));

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}`);
  };
}

function speed(text: string): Options['speed'] {
  if (text === 'max' || text === 'live') return text;
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('expected "max", "live" or how many times faster than real time, e.g. 60');
}

function date(text: string): string {
  if (localDateSchema.safeParse(text).success) return text;
  throw new InvalidArgumentError('expected a date such as 2026-11-02');
}

async function readTokens(file: string): Promise<Map<string, string>> {
  try {
    const parsed: unknown = JSON.parse(await readFile(file, 'utf8'));
    return new Map(Object.entries(z.record(z.string(), z.string()).parse(parsed)));
  } catch (error) {
    throw new Error(
      `${file}: expected JSON of source ids and tokens as \`mingjing seed --json\` prints: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
}

function report(played: Played, json: boolean): void {
  if (json) console.log(JSON.stringify(played));
  else
    console.log(
      `played ${played.from ?? '–'} to ${played.to ?? '–'}: ${played.cases} cases, ${played.events} events ` +
        `(${played.stored} stored, ${played.duplicate} known already, ${played.rejected} rejected)`,
    );
}

/** Plays past days and ends. */
async function playPast({ options, city, poster, choice, signal }: Play): Promise<void> {
  const now = Date.now();
  const days = daysToPlay(city, now, choice);
  const first = firstInstant(city, days, options.seed);
  const clock: PlayClock =
    typeof options.speed === 'number' && first !== null
      ? acceleratedClock(wallClock, first, options.speed)
      : wallClock;
  report(
    await playDays({ city, seed: options.seed, poster, clock, signal }, days, now),
    options.json === true,
  );
}

/** Serves the counter pages; a busy port is told, and the play goes on without them. */
async function servePages(city: City, board: CounterBoard, port: number): Promise<CounterPages | null> {
  try {
    const pages = await serveCounterPages({ city, board, host: '127.0.0.1', port, now: () => Date.now() });
    log.info(`counter pages at ${pages.url}/counter/<screen>`);
    return pages;
  } catch (error) {
    log.error(`no counter pages: port ${port} of 127.0.0.1 cannot be listened on: ${messageOf(error)}`);
    return null;
  }
}

async function playOn({ options, city, poster, choice, signal, name }: Play): Promise<void> {
  const board = new CounterBoard(city);
  const pages = await servePages(city, board, options.counterPort);
  try {
    await playLive({
      city,
      seed: options.seed,
      poster,
      clock: wallClock,
      signal,
      perHour: options.rate,
      choice,
      progress: progressFile(options.progress, name),
      onPosted: (events) => board.observe(events),
      onFilled: (played) => report(played, options.json === true),
    });
  } finally {
    await pages?.close();
  }
}

async function run(options: Options): Promise<void> {
  const city = await loadCity(options.city);
  const tokens = await readTokens(options.tokens);
  const missing = city.sources.find(({ id }) => !tokens.has(id));
  if (missing)
    throw new Error(`${options.tokens}: no token for the source "${missing.id}" of ${options.city}`);
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort());
  const poster = new CentrePoster({
    url: options.centre,
    tokens,
    log,
    waitsForTokens: options.speed === 'live',
  });
  const name = createHash('sha256')
    .update(JSON.stringify([options.seed, options.centre, [...tokens].sort()]))
    .digest('hex');
  const choice = options.from === undefined ? { days: options.days } : { from: options.from };
  const play: Play = { options, city, poster, choice, signal: stopping.signal, name };
  await (options.speed === 'live' ? playOn(play) : playPast(play));
}

const command = new Command('mingjing simulate')
  .description(
    'Plays working days of a city’s halls through the public ingest API, and serves its counter pages.',
  )
  .option('--city <file>', 'the city file', 'demo/baoding.yaml')
  .option('--seed <number>', 'the same seed gives the same play', wholeNumber(0, 999_999), 1)
  .addOption(new Option('--from <date>', 'the first day that is played').argParser(date).conflicts('days'))
  .option('--days <number>', 'how many working days before today are played', wholeNumber(0, 250), 20)
  .option(
    '--speed <speed>',
    'a factor, "max" (past days at once, then ends) or "live" (at once, then on and on)',
    speed,
    'live',
  )
  .option('--centre <url>', 'address of the centre', 'http://127.0.0.1:8080')
  .option('--tokens <file>', 'JSON of source ids and their tokens', '.runtime/tokens.json')
  .option(
    '--counter-port <port>',
    'port of the counter pages on 127.0.0.1; live only',
    wholeNumber(0, 65_535),
    8083,
  )
  .option('--rate <cases>', 'live cases an hour', wholeNumber(0, 5000), 420)
  .option('--progress <file>', 'where a live play notes how far it has come', '.runtime/simulate.json')
  .option('--json', 'print what was played as JSON');

command.parse();
run(command.opts<Options>()).catch((error: unknown) => {
  console.error(`mingjing simulate: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
