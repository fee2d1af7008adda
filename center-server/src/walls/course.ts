import type { AlertKind, AlertState, Millis, PatrolStep, SentItem, WallCommand } from '@mingjing/contracts';

/** What a wall is at: everything that has to outlive a restart. Times are ms since the epoch. */
export interface Course {
  patrol: {
    id: string;
    step: number;
    /** When the next step begins; null while the patrol stands. */
    until: Millis | null;
    /** What is left of the step while the patrol stands, ms. */
    left: number;
    heldByOperator: boolean;
    /** Cameras that could not be shown when the step began: their places are given to others. */
    off: string[];
  } | null;
  /** The alert on show, in which state it came: it leaves when somebody has dealt with it. */
  alert: { id: number; state: AlertState; since: Millis; until: Millis } | null;
  /** Alerts that were shown until their time was out and are still open: they do not come again. */
  shown: number[];
  queue: number;
  /** The first of the queue, in the order in which they come; rows that were kept before this was noted lack it. */
  next?: number[];
  sent: SentItem[];
  nextSent: number;
}

/** What a wall looks at when it decides what comes next. */
export interface WallWorld {
  holdSeconds: number;
  patrol: { id: string; steps: readonly PatrolStep[] } | null;
  /** Open alerts that may come to the wall by themselves. */
  waiting: readonly { id: number; kind: AlertKind; at: Millis }[];
  /** The states of the alert on show and of those that were shown; one that is no more is left out. */
  states: ReadonlyMap<number, AlertState>;
  /** Cameras that have no picture now. */
  off: ReadonlySet<string>;
}

export const NEW_COURSE: Course = { patrol: null, alert: null, shown: [], queue: 0, sent: [], nextSent: 1 };

/** Nothing else changes by itself more rarely than a wall looks around. */
const LOOK_AGAIN_MS = 5000;
/** More than this many things that somebody sent are not kept: the oldest goes. */
const MOST_SENT = 16;
/** Of the alerts that wait, so many are told by name. */
const MOST_TOLD = 5;
const GRAVITY: readonly AlertKind[] = ['red', 'risk', 'yellow', 'notice', 'rating', 'silent', 'rule-failed'];

type Held = NonNullable<Course['patrol']>;
type Alerted = Pick<Course, 'alert' | 'shown' | 'queue' | 'next'>;

function canShow({ show }: PatrolStep, off: ReadonlySet<string>): boolean {
  return show.kind === 'layout' || show.cameras.some((camera) => !off.has(camera));
}

/** Begins a step, or the next one in that direction that has anything to show. */
function enter(
  { id, steps }: NonNullable<WallWorld['patrol']>,
  wanted: number,
  {
    off,
    at,
    heldByOperator,
    by = 1,
  }: { off: ReadonlySet<string>; at: Millis; heldByOperator: boolean; by?: 1 | -1 },
): Held {
  const wrap = (step: number) => ((step % steps.length) + steps.length) % steps.length;
  const inOrder = steps.map((_, tried) => wrap(wanted + tried * by));
  const usable = inOrder.find((index) => {
    const candidate = steps[index];
    return candidate !== undefined && canShow(candidate, off);
  });
  const step = usable ?? wrap(wanted);
  const left = (steps[step]?.dwellSeconds ?? 0) * 1000;
  const until = heldByOperator ? null : at + left;
  return { id, step, until, left, heldByOperator, off: [...off].sort() };
}

/** Who is on show, and who waits: red before yellow, then by time; nobody twice. */
function callAlert(course: Course, world: WallWorld, at: Millis): Alerted {
  const { states, waiting, holdSeconds } = world;
  let { alert } = course;
  const shown = course.shown.filter((id) => states.get(id) === 'open');
  if (alert && states.get(alert.id) !== alert.state) alert = null;
  if (alert && at >= alert.until) {
    if (alert.state === 'open') shown.push(alert.id);
    alert = null;
  }
  const line = waiting
    .filter(({ id }) => id !== alert?.id && !shown.includes(id))
    .toSorted((a, b) => GRAVITY.indexOf(a.kind) - GRAVITY.indexOf(b.kind) || a.at - b.at || a.id - b.id);
  const next = alert ? undefined : line.shift();
  if (next) alert = { id: next.id, state: 'open', since: at, until: at + holdSeconds * 1000 };
  return { alert, shown, queue: line.length, next: line.slice(0, MOST_TOLD).map(({ id }) => id) };
}

/** The patrol stands while an alert is on show or an operator holds it, and goes on with what was left of its step. */
function walk(held: Held | null, world: WallWorld, alerted: boolean, at: Millis): Held | null {
  const { patrol, off } = world;
  if (!patrol) return null;
  const known = held?.id === patrol.id && held.step < patrol.steps.length ? held : null;
  const now = known ?? enter(patrol, 0, { off, at, heldByOperator: false });
  if (alerted || now.heldByOperator) {
    return now.until === null ? now : { ...now, until: null, left: Math.max(0, now.until - at) };
  }
  const until = now.until ?? at + now.left;
  if (at < until) return { ...now, until };
  return enter(patrol, now.step + 1, { off, at, heldByOperator: false });
}

/** What the wall is at from now on. @param at now, ms since the epoch; it may be long after the last look */
export function moveOn(course: Course, world: WallWorld, at: Millis): Course {
  const alerted = callAlert(course, world, at);
  return {
    ...alerted,
    patrol: walk(course.patrol, world, alerted.alert !== null, at),
    sent: course.sent.filter(({ until }) => until === null || until > at),
    nextSent: course.nextSent,
  };
}

/** When the wall must be looked at again at the latest, ms since the epoch. */
export function wakeAt({ patrol, alert, sent }: Course, at: Millis): Millis {
  const ends = [patrol?.until, alert?.until, ...sent.map(({ until }) => until)];
  return Math.min(at + LOOK_AGAIN_MS, ...ends.filter((end) => typeof end === 'number'));
}

/** Who tells a wall what, and when. */
export interface Order {
  command: WallCommand;
  by: string;
  at: Millis;
  /** Of showAlert: the state in which the alert is. */
  state?: AlertState;
}

function step(course: Course, world: WallWorld, at: Millis, by: 1 | -1): Course {
  const { patrol } = course;
  if (!patrol || !world.patrol) return course;
  const to = enter(world.patrol, patrol.step + by, {
    off: world.off,
    at,
    heldByOperator: patrol.heldByOperator,
    by,
  });
  return { ...course, patrol: to };
}

/**
 * What the wall is at after somebody told it something; moveOn follows.
 * @returns undefined when there is nothing that the command could mean: nothing to take back, no patrol, no alert
 */
export function obey(
  course: Course,
  world: WallWorld,
  { command, by, at, state }: Order,
): Course | undefined {
  const { patrol, alert, sent, nextSent } = course;
  switch (command.do) {
    case 'send': {
      const { content, tile, seconds } = command;
      const until = seconds === null ? null : at + seconds * 1000;
      const item = { id: nextSent, window: command.window ?? 1, tile, content, by, at, until };
      return { ...course, sent: [...sent, item].slice(-MOST_SENT), nextSent: nextSent + 1 };
    }
    case 'takeBack':
      if (!sent.some(({ id }) => id === command.sent)) return undefined;
      return { ...course, sent: sent.filter(({ id }) => id !== command.sent) };
    case 'pause':
    case 'resume':
      return patrol
        ? { ...course, patrol: { ...patrol, heldByOperator: command.do === 'pause' } }
        : undefined;
    case 'next':
    case 'previous':
      return patrol ? step(course, world, at, command.do === 'next' ? 1 : -1) : undefined;
    case 'dismissAlert':
      if (!alert) return undefined;
      return {
        ...course,
        alert: null,
        shown: alert.state === 'open' ? [...course.shown, alert.id] : course.shown,
      };
    case 'showAlert': {
      if (state === undefined) return undefined;
      const until = at + world.holdSeconds * 1000;
      const shown = course.shown.filter((id) => id !== command.alert);
      return { ...course, shown, alert: { id: command.alert, state, since: at, until } };
    }
  }
}
