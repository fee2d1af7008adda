import type { Millis, Matter } from '@mingjing/contracts';
import { Temporal } from 'temporal-polyfill';
import { isInstant, type City, type Desk } from './city.ts';
import { rate } from './perform.ts';
import { REASONS } from './people.ts';
import { hashOf, randomFrom, type Random } from './random.ts';
import {
  caseNumber,
  castCase,
  inPostingOrder,
  scriptOf,
  silence,
  type Cast,
  type TimedEvent,
} from './script.ts';
import { deal, type BadStory, type Story } from './stories.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** No live case is open for longer. */
export const LONGEST_LIVE_MS = 15 * MINUTE;
const HEARTBEAT_MS = 30 * SECOND;
/** In every slot one county's source system falls silent once. */
const SILENCE_SLOT_MS = 20 * MINUTE;
const SILENCE_MS = 5 * MINUTE;
const WATCHED_WEIGHT = 14;
/** How many live cases end in the last tenth of their limit: they make the notices and the yellow cards. */
const NEARING_SHARE = 0.22;

/** Bad cases that can happen within minutes. */
const LIVE_STORIES: ReadonlySet<BadStory> = new Set<BadStory>([
  'overdue-closed',
  'overdue-open',
  'suspended-before-due',
  'backdated-acceptance',
  'step-in-seconds',
  'step-skipped',
  'step-out-of-order',
  'same-officer',
  'refused-without-reason',
  'decided-outside-hall',
  'duplicate',
  'corrected',
  'bad-rating',
  'complaint',
]);

/** How a live case goes: its own limit, and the share of it that it takes. */
interface Pace {
  acceptedAt: Millis;
  until: Millis;
  endsAt: Millis;
}

function paceOf(story: Story, bornAt: Millis, random: Random): Pace {
  const acceptedAt = bornAt + random.int(6, 20) * SECOND;
  const overdue = story === 'overdue-closed' || story === 'overdue-open';
  const limit = overdue
    ? random.int(60, 150) * SECOND
    : random.weighted([2, 3, 4, 6, 9], (n) => 12 - n) * MINUTE;
  const until = acceptedAt + limit;
  const share =
    story === 'overdue-closed'
      ? random.between(1.2, 1.8)
      : story === 'overdue-open'
        ? random.between(3, 4.5)
        : story === 'nearing' || story === 'suspended-before-due'
          ? random.between(0.93, 0.985)
          : random.between(0.3, 0.65);
  return { acceptedAt, until, endsAt: acceptedAt + Math.round(limit * share) };
}

/** 即办件 only: what is promised in days cannot end within minutes. */
function choose(city: City, random: Random): { desk: Desk; matter: Matter } | null {
  const able = city.desks.filter((desk) => desk.matters.some(isInstant));
  if (able.length === 0) return null;
  const desk = random.weighted(able, (item) => (item.watched ? WATCHED_WEIGHT : 1));
  return { desk, matter: random.pick(desk.matters.filter(isInstant)) };
}

function playStages(cast: Cast, pace: Pace, random: Random, script: ReturnType<typeof scriptOf>): void {
  const names = [...cast.matter.stages];
  if (cast.story === 'step-skipped') names.shift();
  if (cast.story === 'step-out-of-order') names.reverse();
  const room = pace.endsAt - pace.acceptedAt;
  for (const [at, stage] of names.entries()) {
    const from = pace.acceptedAt + Math.round(room * ((at + 0.08) / names.length));
    const to = pace.acceptedAt + Math.round(room * ((at + 0.9) / names.length));
    const completedAt = cast.story === 'step-in-seconds' && at === 0 ? from + 2 * SECOND : to;
    script.emit('case.stage.started', from, { stage }, { officer: cast.reviews });
    const id = script.emit('case.stage.completed', completedAt, { stage }, { officer: cast.reviews });
    if (cast.story === 'corrected' && at === 0) {
      const time = new Date(from + (completedAt - from) / 2).toISOString();
      const data = { corrects: id, time, reason: random.pick(REASONS.corrected) };
      script.emit('case.corrected', completedAt + SECOND, data, { officer: cast.reviews });
    }
  }
}

function stop(cast: Cast, pace: Pace, script: ReturnType<typeof scriptOf>): void {
  if (cast.story !== 'suspended-before-due') return;
  const from = pace.endsAt - 2 * SECOND;
  const data = { procedure: 'correction', approver: cast.decides.id, reason: REASONS.suspended[0] };
  script.emit('case.suspended', from, data, { officer: cast.reviews });
  script.emit('case.resumed', from + SECOND, {}, { officer: cast.reviews });
}

/** Plays one 即办件 whose limit is a planned instant, some minutes ahead. */
function playInstantCase(cast: Cast, bornAt: Millis, pace: Pace, random: Random): TimedEvent[] {
  const script = scriptOf(cast);
  const { matter, title, applicant, story, desk } = cast;
  const inHall = story !== 'decided-outside-hall';
  const facts = { matter: matter.id, title, applicant, channel: 'counter' };
  script.emit('case.submitted', bornAt, facts);
  if (inHall)
    script.emit('barcode.scanned', bornAt + 3 * SECOND, { counter: desk.counter.id }, { bare: true });
  const acceptedAt = story === 'backdated-acceptance' ? bornAt - 5 * SECOND : pace.acceptedAt;
  const limit = { budget: { until: new Date(pace.until).toISOString() } };
  script.emit('case.accepted', acceptedAt, { ...facts, limit }, { officer: cast.accepts });
  playStages(cast, pace, random, script);
  stop(cast, pace, script);
  const refused = story === 'refused-without-reason';
  const outcome = refused ? 'refused' : 'filed';
  script.emit('case.decided', pace.endsAt, { outcome }, { officer: cast.decides });
  if (story === 'duplicate') script.repeatLast(2 * SECOND);
  const deliveredAt = pace.endsAt + random.int(4, 12) * SECOND;
  script.emit('case.delivered', deliveredAt, {}, { officer: cast.accepts });
  rate(cast, script, deliveredAt + random.int(4, 25) * SECOND, random);
  if (story === 'complaint') {
    const text = random.pick(REASONS.complaint);
    const data = { department: desk.department.id, text };
    script.emit('complaint.filed', deliveredAt + 30 * SECOND, data, { bare: true });
  }
  return script.events;
}

function bornAt(
  city: City,
  at: Millis,
  key: string,
  story: Story,
  seed: number,
  running: number,
): TimedEvent[] {
  const random = randomFrom(seed, key);
  const chosen = choose(city, random);
  if (!chosen) return [];
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(city.root.zone);
  const stamp = [local.month, local.day, local.hour, local.minute, running].map(two).join('');
  const caseNo = caseNumber(chosen.desk.department.kind, String(local.year), stamp, seed);
  const cast = castCase(random, { caseNo, key, story, ...chosen });
  return playInstantCase(cast, at, paceOf(story, at, random), random);
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}

/** The bad case of a minute. Overdue ones come round every fourth minute, the others in between. */
function badStoryOf(minute: number): BadStory {
  if (minute % 4 === 0) return minute % 8 === 0 ? 'overdue-open' : 'overdue-closed';
  for (let n = minute; ; n++) {
    const story = deal(n);
    if (LIVE_STORIES.has(story) && !story.startsWith('overdue')) return story;
  }
}

/** Which source is silent in the slot of an instant, and when. */
function silenceOf(
  city: City,
  at: Millis,
  seed: number,
): { source: string; from: Millis; to: Millis } | null {
  const slot = Math.floor(at / SILENCE_SLOT_MS);
  const counties = city.sources.slice(1);
  const source = counties[hashOf(`${seed} ${slot}`) % Math.max(counties.length, 1)];
  if (!source) return null;
  const from = slot * SILENCE_SLOT_MS + 6 * MINUTE;
  return { source: source.id, from, to: from + SILENCE_MS };
}

function heartbeats(city: City, minuteStart: Millis, seed: number): TimedEvent[] {
  const beats: TimedEvent[] = [];
  for (let at = minuteStart; at < minuteStart + MINUTE; at += HEARTBEAT_MS) {
    const spell = silenceOf(city, at, seed);
    for (const { id, region } of city.sources) {
      if (spell?.source === id && at >= spell.from && at < spell.to) continue;
      const time = new Date(at).toISOString();
      const event = { specversion: '1.0' as const, id: `beat-${at}`, source: id, type: 'heartbeat', time };
      beats.push({ at, source: id, story: 'heartbeat', event: { ...event, data: { region, waiting: 0 } } });
    }
  }
  return beats;
}

/**
 * Plays the live cases that are born in one minute, each to its end some minutes later, and the minute's
 * heartbeats. The live demo knows no closing time: it is a working day pressed into minutes, so that the
 * wall lives at night too. Pure: the same city, minute and seed give the same events.
 * @param minute minutes since the epoch
 * @param perHour how many cases come in an hour
 */
export function playMinute(city: City, minute: number, seed: number, perHour: number): TimedEvent[] {
  const start = minute * MINUTE;
  const random = randomFrom(seed, 'minute', minute);
  const exact = perHour / 60;
  const count = Math.min(99, Math.floor(exact) + (random.chance(exact % 1) ? 1 : 0));
  const cases = Array.from({ length: count }, (_, at) => {
    const own = randomFrom(seed, 'minute', minute, at);
    const story: Story = at === 0 ? badStoryOf(minute) : own.chance(NEARING_SHARE) ? 'nearing' : 'good';
    const born = start + Math.floor(((at + own.next()) * MINUTE) / count);
    return bornAt(city, born, `live-${seed}-${minute}-${at}`, story, seed, at);
  }).flat();
  const slots = [start, start + SILENCE_SLOT_MS].map((at) => silenceOf(city, at, seed));
  const held = slots.reduce((events, spell) => (spell ? silence(events, spell) : events), cases);
  return inPostingOrder([...heartbeats(city, start, seed), ...held]);
}

/**
 * What a first start begins with: three cases that fall overdue within its first minute, so that nobody
 * waits for the first red card.
 * @param at the instant of the start; what lies before it was already so
 */
export function playOpening(city: City, at: Millis, seed: number): TimedEvent[] {
  const dueAfter = [14, 33, 52];
  const cases = dueAfter.map((seconds, n) => {
    const random = randomFrom(seed, 'opening', at, n);
    const chosen = choose(city, random);
    if (!chosen) return [];
    const until = at + seconds * SECOND;
    const acceptedAt = until - 4 * MINUTE;
    const key = `opening-${seed}-${at}-${n}`;
    const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(city.root.zone);
    // Short, so that no mask takes a case's number for that of a bank card.
    const second = (local.hour * 60 + local.minute) * 60 + local.second;
    const stamp = `${String(local.dayOfYear).padStart(3, '0')}${String(second).padStart(5, '0')}${n}`;
    const caseNo = caseNumber(chosen.desk.department.kind, String(local.year), stamp, seed);
    const cast = castCase(random, { caseNo, key, story: 'overdue-closed', ...chosen });
    const pace = { acceptedAt, until, endsAt: until + random.int(60, 150) * SECOND };
    return playInstantCase(cast, acceptedAt - 10 * SECOND, pace, random);
  });
  return inPostingOrder(cases.flat());
}
