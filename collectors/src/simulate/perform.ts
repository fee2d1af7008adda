import type { Millis } from '@mingjing/contracts';
import { instantOf, localDateOf, openTimeAxis, OPEN_MINUTES } from './calendar.ts';
import { courseOf, type Course } from './course.ts';
import { REASONS } from './people.ts';
import type { Random } from './random.ts';
import { scriptOf, type Cast, type Script, type TimedEvent } from './script.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** After how many working days proceedings are answered: in time. */
const ANSWER_AFTER = 2.3;

interface Stage {
  stage: string;
  from: Millis;
  to: Millis;
}

/** A case on its way: who, how, and where it is written down. */
interface Performance {
  cast: Cast;
  course: Course;
  script: Script;
  random: Random;
  /** The instant of a position of running time. */
  when: (running: number) => Millis;
}

/** The stages in the order they happen, spread over the time from acceptance to the end. */
function stagesOf({ cast, course, random, when }: Performance): Stage[] {
  let names = [...cast.matter.stages];
  if (cast.story === 'step-skipped') names = names.filter((_, at) => at !== 1);
  if (cast.story === 'step-out-of-order') names.splice(0, 2, names[1] ?? '', names[0] ?? '');
  // Where acceptance is dated back, work still begins when the papers are there.
  const begins = Math.max(course.accepted, course.submitted);
  const room = course.ends - begins;
  return names.map((stage, at) => {
    const from = begins + room * ((at + random.between(0.02, 0.1)) / names.length);
    const to = begins + room * ((at + random.between(0.85, 0.97)) / names.length);
    const startedAt = when(from);
    const hasty = cast.story === 'step-in-seconds' && at === 1;
    return { stage, from: startedAt, to: hasty ? startedAt + random.int(1, 4) * SECOND : when(to) };
  });
}

function comeIn({ cast, course, script, when }: Performance): void {
  const { matter, title, applicant, accepts, story } = cast;
  const facts = { matter: matter.id, title, applicant, channel: 'counter' };
  const submittedAt = when(course.submitted);
  script.emit('case.submitted', submittedAt, facts);
  if (story !== 'decided-outside-hall') {
    script.emit(
      'barcode.scanned',
      submittedAt + 20 * SECOND,
      { counter: cast.desk.counter.id },
      { bare: true },
    );
  }
  script.emit('case.accepted', when(course.accepted), facts, { officer: accepts });
}

function standStill({ cast, course, script, random, when }: Performance): void {
  if (course.stop) {
    const { from, procedure, limit } = course.stop;
    const reason = random.pick(REASONS.suspended);
    const data = { procedure, limit, reason, approver: cast.decides.id };
    script.emit('case.suspended', when(from), data, { officer: cast.reviews });
    script.emit('case.resumed', when(from + 0.0001), {}, { officer: cast.reviews });
  }
  if (course.extension) {
    const { at, by, approved } = course.extension;
    const reason = random.pick(REASONS.extended);
    const data = { by, reason, ...(approved ? { approver: cast.decides.id } : {}) };
    script.emit('case.extended', when(at), data, { officer: cast.reviews });
  }
}

/** The stages, without those after an early end. @returns when the last was completed */
function goThroughStages(performance: Performance, evening: Millis | null): void {
  const { cast, course, script, random } = performance;
  const stages = stagesOf(performance);
  const kept = course.ending === 'withdrawn' ? stages.slice(0, 1) : stages;
  const last = kept.length - 1;
  for (const [at, { stage, from, to }] of kept.entries()) {
    const completedAt = at === last && evening !== null ? evening - 15 * MINUTE : to;
    const late = cast.story === 'late-event' && at === last ? random.between(3 * HOUR, 7 * HOUR) : 0;
    script.emit('case.stage.started', from, { stage }, { officer: cast.reviews });
    const officer = at === last ? cast.decides : cast.reviews;
    const id = script.emit(
      'case.stage.completed',
      completedAt,
      { stage },
      { officer, lateBy: Math.round(late) },
    );
    if (cast.story === 'corrected' && at === 0) {
      const time = new Date(from + (to - from) / 2).toISOString();
      const data = { corrects: id, time, reason: random.pick(REASONS.corrected) };
      script.emit('case.corrected', completedAt + 20 * MINUTE, data, { officer: cast.reviews });
    }
  }
}

function end({ cast, course, script, random, when }: Performance, evening: Millis | null): void {
  const endsAt = evening ?? when(course.ends);
  if (course.ending === 'withdrawn') {
    script.emit('case.withdrawn', endsAt, { reason: random.pick(REASONS.withdrawn) });
    return;
  }
  const reasoned = course.ending === 'refused' && cast.story !== 'refused-without-reason';
  const reason = reasoned ? { reason: random.pick(REASONS.refused) } : {};
  script.emit('case.decided', endsAt, { outcome: course.ending, ...reason }, { officer: cast.decides });
  if (cast.story === 'duplicate') script.repeatLast(40 * SECOND);
  // After an evening's work the applicant comes the next morning.
  const fetched =
    evening === null ? course.ends + random.between(10, 200) / OPEN_MINUTES : Math.floor(course.ends) + 1.1;
  const deliveredAt = when(fetched);
  if (cast.story !== 'decided-outside-hall') {
    script.emit(
      'barcode.scanned',
      deliveredAt - 30 * SECOND,
      { counter: cast.desk.counter.id },
      { bare: true },
    );
  }
  script.emit('case.delivered', deliveredAt, {}, { officer: cast.accepts });
  rate(cast, script, deliveredAt + random.int(20, 240) * SECOND, random);
  if (cast.story === 'complaint') {
    const complaint = `TS-${cast.caseNo}`;
    const data = { department: cast.desk.department.id, text: random.pick(REASONS.complaint), complaint };
    const filedAt = deliveredAt + random.int(5, 90) * MINUTE;
    script.emit('complaint.filed', filedAt, data, { bare: true });
    script.emit('complaint.answered', when(course.ends + ANSWER_AFTER), { complaint }, { bare: true });
  }
}

/** 督办 of a case that is long past its limit, and 申诉 of a department over the card of one that was decided. */
function proceed({ cast, course, script, when }: Performance): void {
  if (cast.story === 'overdue-open') {
    const order = `DB-${cast.caseNo}`;
    // By then it is past its limit, and the supervisors have seen its cards.
    const issued = course.accepted + (course.ends - course.accepted) * 0.8;
    const limit = { budget: { workingDays: 3 } };
    script.emit('order.issued', when(issued), { order, limit, text: '请尽快办结。' }, { bare: true });
    script.emit(
      'order.answered',
      when(issued + ANSWER_AFTER),
      { order, text: '已安排专人办理。' },
      { bare: true },
    );
  }
  if (cast.story === 'overdue-closed') {
    const appeal = `SS-${cast.caseNo}`;
    script.emit(
      'appeal.filed',
      when(course.ends + 1.1),
      { appeal, text: '申请人材料补正，非我局原因。' },
      { bare: true },
    );
    script.emit(
      'appeal.decided',
      when(course.ends + 1.1 + ANSWER_AFTER),
      { appeal, text: '维持。' },
      { bare: true },
    );
  }
}

/** 好差评: about half of the applicants rate, most of them well. */
export function rate(cast: Cast, script: Script, at: Millis, random: Random): void {
  const bad = cast.story === 'bad-rating';
  if (!bad && !random.chance(0.55)) return;
  const level = bad ? random.int(1, 2) : random.weighted([5, 4, 3], (n) => (n === 5 ? 75 : n === 4 ? 21 : 4));
  const comment = bad ? { comment: random.pick(REASONS.badRating) } : {};
  script.emit('rating.given', at, { level, ...comment }, { officer: cast.accepts });
}

/**
 * Plays one case from its submission to its rating, at whatever instants that falls on, past or future.
 * @param submitted position of its submission on the open-time axis of `date`
 */
export function performCase(cast: Cast, submitted: number, date: string, random: Random): TimedEvent[] {
  const { calendar, zone } = cast.desk.region;
  const axis = openTimeAxis(date, calendar, zone);
  const course = courseOf(cast, submitted, date, random);
  const when = (running: number) => axis(course.onAxis(running));
  const script = scriptOf(cast);
  const performance: Performance = { cast, course, script, random, when };
  const day = localDateOf(when(course.ends), zone);
  const evening = cast.story === 'off-hours' ? instantOf(day, 22 * 60 + random.int(5, 50), zone) : null;
  comeIn(performance);
  standStill(performance);
  goThroughStages(performance, evening);
  end(performance, evening);
  proceed(performance);
  return script.events;
}
