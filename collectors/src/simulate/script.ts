import type { CloudEvent, Matter, Millis, ObservationKind, Officer } from '@mingjing/contracts';
import type { Desk } from './city.ts';
import type { Random } from './random.ts';
import { companyName, personName } from './people.ts';
import type { Story } from './stories.ts';

/** An event of the play and when it is posted. Posting is never earlier than what it tells of. */
export interface TimedEvent {
  /** When it is posted, ms since the epoch. */
  at: Millis;
  /** Which source posts it. */
  source: string;
  /** Why the generator made it. Never posted. */
  story: Story;
  event: CloudEvent;
}

/** Who does what to which case. */
export interface Cast {
  caseNo: string;
  /** Prefix of its events' ids, unique for ever. */
  key: string;
  desk: Desk;
  matter: Matter;
  applicant: string;
  title: string;
  accepts: Officer;
  reviews: Officer;
  decides: Officer;
  story: Story;
}

const PREFIXES: Record<string, string> = {
  housing: 'ZJ',
  health: 'WS',
  'civil-affairs': 'MZ',
  reform: 'FG',
  planning: 'GH',
  'family-planning': 'JS',
  'supply-coop': 'GX',
  culture: 'WH',
  'foreign-affairs': 'WB',
  township: 'BM',
};

/**
 * A case number: ZJ-2026-1120017. Seeds other than 1 show in it, so that two plays in one centre stay apart.
 * @param running digits that are unique within the play
 */
export function caseNumber(kind: string, year: string, running: string, seed: number): string {
  const prefix = PREFIXES[kind] ?? kind.slice(0, 2).toUpperCase();
  return `${prefix}${seed === 1 ? '' : seed}-${year}-${running}`;
}

/** Matters whose applicants are people; the others are applied for by companies. */
function isPersonal(matter: Matter): boolean {
  return /^(civil-(marriage|minimum)|family-(birth|support)|health-(nurse|doctor)|township|culture-performer)/.test(
    matter.id,
  );
}

/** Fills the parts of a case at a desk: the head of the department decides, others accept and review. */
export function castCase(
  random: Random,
  part: Pick<Cast, 'caseNo' | 'key' | 'desk' | 'matter' | 'story'>,
): Cast {
  const { desk, matter, story } = part;
  const [head, ...others] = desk.officers;
  const accepts = random.pick(others);
  const applicant = isPersonal(matter) ? personName(random) : companyName(desk.region.name, random);
  return {
    ...part,
    applicant,
    title: `${applicant} ${matter.name}`,
    accepts,
    reviews: random.pick(others),
    decides: story === 'same-officer' || head === undefined ? accepts : head,
  };
}

/** Writes the events of one case down, one after another. */
export interface Script {
  events: TimedEvent[];
  /**
   * @param time when it happened
   * @param options `officer` who did it; `lateBy` ms between happening and posting; `bare` leaves out who and where
   * @returns the event's id
   */
  emit: (
    type: ObservationKind,
    time: Millis,
    data?: Record<string, unknown>,
    options?: { officer?: Officer; lateBy?: number; bare?: boolean },
  ) => string;
  /** Posts the last event once more, later. */
  repeatLast: (afterMs: number) => void;
}

/** An empty script for a case. */
export function scriptOf(cast: Cast): Script {
  const { desk } = cast;
  const events: TimedEvent[] = [];
  const place = { department: desk.department.id, hall: desk.counter.hall, counter: desk.counter.id };
  return {
    events,
    emit: (type, time, data = {}, { officer, lateBy = 0, bare = false } = {}) => {
      const id = `${cast.key}-${events.length}`;
      const who = officer ? { officer: officer.id } : {};
      const base = { region: desk.region.code, caseNo: cast.caseNo, ...(bare ? {} : { ...place, ...who }) };
      const event: CloudEvent = {
        specversion: '1.0',
        id,
        source: desk.source,
        type,
        time: new Date(time).toISOString(),
        subject: cast.caseNo,
        datacontenttype: 'application/json',
        data: { ...base, ...data },
      };
      events.push({ at: time + lateBy, source: desk.source, story: cast.story, event });
      return id;
    },
    repeatLast: (afterMs) => {
      const last = events.at(-1);
      if (last) events.push({ ...last, at: last.at + afterMs });
    },
  };
}

/** Orders events by when they are posted; those posted together keep the order they were written in. */
export function inPostingOrder(events: TimedEvent[]): TimedEvent[] {
  return events.toSorted((a, b) => a.at - b.at);
}

/**
 * Orders the events of the past case by case, the case that moved last at the end; what belongs to no case
 * comes last. So the centre, which looks at a case when it hears of it, hears the whole of it at once, and
 * does not take for overdue what was decided long ago but is told a little later.
 */
export function caseByCase(events: TimedEvent[]): TimedEvent[] {
  const cases = new Map<string, TimedEvent[]>();
  for (const timed of inPostingOrder(events)) {
    const key = `${timed.source} ${timed.event.subject ?? ''}`;
    const known = cases.get(key) ?? [];
    known.push(timed);
    // Set anew, so that the order of the map is that of the last events.
    cases.delete(key);
    cases.set(key, known);
  }
  const groups = [...cases.values()];
  const ofNone = (group: TimedEvent[]) => group[0]?.event.subject === undefined;
  return [...groups.filter((group) => !ofNone(group)), ...groups.filter(ofNone)].flat();
}

/** Holds back what a source would post while it is silent until the silence ends. */
export function silence(
  events: TimedEvent[],
  spell: { source: string; from: Millis; to: Millis },
): TimedEvent[] {
  return events.map((timed) => {
    if (timed.source !== spell.source || timed.at < spell.from || timed.at >= spell.to) return timed;
    return { ...timed, at: spell.to, story: timed.story === 'good' ? 'source-silent' : timed.story };
  });
}
