import type { LocalDate, Matter } from '@mingjing/contracts';
import { instantOf, isWorkingDay, workingDayNumber } from './calendar.ts';
import { isInstant, type City, type Desk } from './city.ts';
import { performCase } from './perform.ts';
import { randomFrom, type Random } from './random.ts';
import { caseNumber, castCase, inPostingOrder, silence, type TimedEvent } from './script.ts';
import { badStoriesOfDay, type Story } from './stories.ts';

/** How many cases come in on a working day, about. */
const CASES_A_DAY = 130;
/** Watched counters get more to do, so that there is something to see. */
const WATCHED_WEIGHT = 3;

/** Kinds of bad cases that need a limit of days, short enough to run out within the played weeks. */
const NEEDS_DAYS: ReadonlySet<Story> = new Set<Story>([
  'overdue-closed',
  'overdue-open',
  'nearing',
  'suspended-before-due',
  'suspension-over-limit',
  'backdated-acceptance',
  'extension-without-approver',
  'refused-without-reason',
  'off-hours',
  'late-event',
  'corrected',
  'step-in-seconds',
  'step-skipped',
  'step-out-of-order',
]);

function suits(matter: Matter, story: Story): boolean {
  if (!NEEDS_DAYS.has(story)) return true;
  const short = 'workingDays' in matter.promised && matter.promised.workingDays <= 8;
  return short && matter.stages.length >= 3;
}

/** 即办件 are two cases in five; the rest is even. */
function matterFor(desk: Desk, story: Story, random: Random): Matter | null {
  const fit = desk.matters.filter((matter) => suits(matter, story));
  if (fit.length === 0) return null;
  const instant = fit.filter(isInstant);
  return random.pick(instant.length > 0 && random.chance(0.4) ? instant : fit);
}

/** When people come: a morning peak, an afternoon peak, and some in between. */
function arrival(random: Random): number {
  const way = random.next();
  if (way < 0.45) return random.between(0.02, 0.42);
  return way < 0.85 ? random.between(0.5, 0.84) : random.between(0, 0.93);
}

function deskAndMatter(city: City, story: Story, random: Random): { desk: Desk; matter: Matter } {
  const able = city.desks.filter((desk) => desk.matters.some((matter) => suits(matter, story)));
  const desk = random.weighted(able.length > 0 ? able : city.desks, (item) =>
    item.watched ? WATCHED_WEIGHT : 1,
  );
  return { desk, matter: matterFor(desk, story, random) ?? random.pick(desk.matters) };
}

/** One source system of the day falls silent for most of an hour; what happens meanwhile arrives afterwards. */
function withSilence(city: City, date: LocalDate, events: TimedEvent[], random: Random): TimedEvent[] {
  const counties = city.sources.slice(1);
  if (counties.length === 0) return events;
  const from = instantOf(date, random.int(9 * 60, 11 * 60), city.root.zone);
  return silence(events, { source: random.pick(counties).id, from, to: from + 54 * 60_000 });
}

/**
 * Plays the cases that come in on one working day, each to its end: also events that lie days later are
 * in it, and whoever posts them leaves out what is still to come. Pure: the same city, date and seed
 * give the same events.
 * @returns events in posting order; none on a day when halls are closed
 */
export function playDay(city: City, date: LocalDate, seed: number): TimedEvent[] {
  if (!isWorkingDay(date, city.root.calendar)) return [];
  const random = randomFrom(seed, date);
  const bad = badStoriesOfDay(workingDayNumber(date, city.root.calendar));
  const count = CASES_A_DAY + random.int(-15, 15);
  const events = Array.from({ length: count }, (_, at): TimedEvent[] => {
    const own = randomFrom(seed, date, at);
    // A few end late in their limit without anything being wrong with them otherwise.
    const story: Story = bad[at] ?? (own.chance(0.007) ? 'nearing' : 'good');
    const { desk, matter } = deskAndMatter(city, story, own);
    const running = `${date.slice(5, 7)}${date.slice(8)}${String(at + 1).padStart(3, '0')}`;
    const caseNo = caseNumber(desk.department.kind, date.slice(0, 4), running, seed);
    const key = `day-${seed}-${date}-${at}`;
    return performCase(castCase(own, { caseNo, key, desk, matter, story }), arrival(own), date, own);
  }).flat();
  return inPostingOrder(withSilence(city, date, events, random));
}
