import type { Matter, Millis, Screen } from '@mingjing/contracts';
import { Temporal } from 'temporal-polyfill';
import { isInstant, type City, type Desk } from '../simulate/city.ts';
import { nobodysCreditCode, nobodysIdNumber } from '../simulate/people.ts';
import { hashOf, randomFrom } from '../simulate/random.ts';
import type { CounterCase, CounterStep } from './board.ts';

/** A counter that touched nothing for so long waits for the next number. */
const IDLE_AFTER_MS = 90_000;
/** After handing over or a rating the page stays for a moment. */
const FAREWELL_MS = 9000;
/** How long a person takes per character typed. */
const NAME_MS = 700;
const NUMBER_MS = 260;
const OPINION_MS = 420;
const PAPER_MS = 2500;

/** Between writing, the clerk leafs through the papers: one every few seconds. */
const LEAF_MS = 5000;

/** What a clerk writes at a stage; the first for stages that are not named. */
const OPINIONS: Record<string, string> = {
  '': '申请材料齐全、符合法定形式，拟同意进入下一环节。',
  材料核验: '经核验，申请材料齐全、符合法定形式，同意受理办结。',
  办结: '符合办理条件，同意办结并当场送达。',
  现场踏勘: '经现场踏勘，场所条件与申报材料一致，拟同意。',
  专家评审: '专家组评审意见为通过，修改意见已落实，拟同意。',
};
const PAPERS = ['申请表', '身份证明', '授权委托书', '办理依据材料'];

type Button = 'accept' | 'next' | 'decide' | 'deliver' | null;

/** What the page shows of the case in hand. */
interface CaseView {
  caseNo: string;
  matter: string;
  applicant: string;
  idNumber: string;
  officer: string;
  limit: string;
  stages: { name: string; state: 'done' | 'current' | 'ahead' }[];
  papers: { name: string; checked: boolean; open: boolean }[];
  opinion: string;
  /** The field that is being typed into. */
  typing: 'applicant' | 'idNumber' | 'opinion' | null;
  /** The button that is pressed next. */
  button: Button;
  /** 已办结, 不予许可, … once it is so. */
  result: string | null;
}

/** What a counter's page shows at an instant. */
export interface CounterView {
  hall: string;
  counter: string;
  department: string;
  officer: string;
  /** Local time, to the minute: a running clock would make every picture a new one. */
  time: string;
  case: CaseView | null;
  waiting: number;
  inHand: { caseNo: string; matter: string; stage: string }[];
}

function typed(text: string, sinceMs: number, perCharacter: number): string {
  const characters = Array.from(text);
  return characters.slice(0, Math.max(0, Math.floor(sinceMs / perCharacter))).join('');
}

/** "03 号 刘海燕" from the officer's id and name. */
function officerLabel(city: City, id: unknown): string {
  const officer = city.plan.officers.find((item) => item.id === id);
  return officer ? `${officer.id.slice(-2)} 号 ${officer.name}` : '—';
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function clockTime(at: Millis, zone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  return local.toPlainTime().toString({ smallestUnit: 'minute' });
}

function limitOf(steps: CounterStep[], matter: Matter | undefined, zone: string): string {
  const accepted = steps.find((step) => step.type === 'case.accepted');
  const limit = accepted?.data['limit'] as { budget?: { until?: string } } | undefined;
  const until = limit?.budget?.until;
  if (until !== undefined) return `即办件，${clockTime(Date.parse(until), zone)} 前办结`;
  if (!matter) return '—';
  if ('workingDays' in matter.promised) return `${matter.promised.workingDays} 个工作日`;
  if ('calendarDays' in matter.promised) return `${matter.promised.calendarDays} 日`;
  return isInstant(matter) ? '即办件，当场办结' : '—';
}

function stagesOf(steps: CounterStep[], matter: Matter | undefined): CaseView['stages'] {
  const started = new Set(
    steps.filter((s) => s.type === 'case.stage.started').map((s) => text(s.data['stage'])),
  );
  const completed = new Set(
    steps.filter((s) => s.type === 'case.stage.completed').map((s) => text(s.data['stage'])),
  );
  const accepted = steps.some((step) => step.type === 'case.accepted');
  const decided = steps.some((step) => step.type === 'case.decided');
  const delivered = steps.some((step) => step.type === 'case.delivered');
  const own = (matter?.stages ?? []).map((name) => ({
    name,
    state: completed.has(name)
      ? ('done' as const)
      : started.has(name)
        ? ('current' as const)
        : ('ahead' as const),
  }));
  return [
    { name: '收件受理', state: accepted ? 'done' : 'current' },
    ...own,
    { name: '送达', state: delivered ? 'done' : decided ? 'current' : 'ahead' },
  ];
}

const BUTTONS: Record<string, Button> = {
  'case.submitted': 'accept',
  'case.accepted': 'next',
  'case.stage.completed': 'next',
  'case.decided': 'deliver',
};

function buttonOf(
  step: CounterStep,
  lastStageDone: boolean,
  sinceMs: number,
  form: { done: boolean },
): Button {
  if (step.type === 'case.submitted' && !form.done) return null;
  if (step.type === 'case.accepted' && sinceMs < PAPERS.length * PAPER_MS) return null;
  if (step.type === 'case.stage.completed' && lastStageDone) return 'decide';
  return BUTTONS[step.type] ?? null;
}

function resultOf(steps: CounterStep[]): string | null {
  const decided = steps.find((step) => step.type === 'case.decided');
  if (steps.at(-1)?.type === 'case.suspended') return '已停表：申请材料需补正';
  if (!decided) return null;
  const outcome = text(decided.data['outcome']);
  if (outcome === 'refused') return '不予许可';
  return outcome === 'filed' ? '准予办理，已备案' : '准予许可';
}

/** The last step that a clerk took at the screen: scans and ratings happen elsewhere. */
function lastStep(held: CounterCase): CounterStep | undefined {
  return held.steps.findLast((step) => step.type.startsWith('case.'));
}

function caseView(city: City, desk: Desk, held: CounterCase, step: CounterStep, now: Millis): CaseView {
  const facts = held.steps.find((item) => item.data['matter'] !== undefined)?.data ?? {};
  const matter = city.plan.matters.find((item) => item.id === facts['matter']);
  const sinceMs = Math.max(0, now - step.at);
  const applicant = text(facts['applicant']);
  const numberOf = applicant.endsWith('公司') ? nobodysCreditCode : nobodysIdNumber;
  const idNumber = numberOf(desk.region.code, randomFrom(held.caseNo));
  const typingName = step.type === 'case.submitted' && sinceMs < applicant.length * NAME_MS;
  const numberSince = sinceMs - applicant.length * NAME_MS;
  const typingNumber =
    step.type === 'case.submitted' && !typingName && numberSince < idNumber.length * NUMBER_MS;
  const stage = text(step.data['stage']);
  const full = OPINIONS[stage] ?? OPINIONS[''] ?? '';
  const inStage = step.type === 'case.stage.started';
  const fresh = step.type === 'case.submitted';
  const checked = step.type === 'case.accepted' ? Math.floor(sinceMs / PAPER_MS) : fresh ? 0 : PAPERS.length;
  const stages = stagesOf(held.steps, matter);
  const leafing = !fresh && sinceMs > full.length * OPINION_MS;
  const leaf = leafing ? Math.floor(sinceMs / LEAF_MS) % PAPERS.length : -1;
  return {
    caseNo: held.caseNo,
    matter: matter?.name ?? '—',
    applicant: fresh ? typed(applicant, sinceMs, NAME_MS) : applicant,
    idNumber: fresh ? typed(idNumber, numberSince, NUMBER_MS) : idNumber,
    officer: officerLabel(city, step.data['officer'] ?? desk.officers[1]?.id),
    limit: limitOf(held.steps, matter, desk.region.zone),
    stages,
    papers: PAPERS.map((name, at) => ({ name, checked: at < checked, open: at === leaf })),
    opinion: inStage ? typed(full, sinceMs, OPINION_MS) : fresh || step.type === 'case.accepted' ? '' : full,
    typing: typingName
      ? 'applicant'
      : typingNumber
        ? 'idNumber'
        : inStage && sinceMs < full.length * OPINION_MS
          ? 'opinion'
          : null,
    button: buttonOf(step, stages.at(-2)?.state === 'done', sinceMs, { done: !typingName && !typingNumber }),
    result: resultOf(held.steps),
  };
}

function isOver(step: CounterStep, now: Millis): boolean {
  const ended = step.type === 'case.delivered' || step.type === 'case.withdrawn';
  return now - step.at > (ended ? FAREWELL_MS : IDLE_AFTER_MS);
}

/**
 * What a counter's page shows: the case touched last, with the form filled in as far as a clerk has got
 * since, or nothing when the counter waits for the next applicant. Pure.
 * @returns null when the screen shows no counter of the city
 */
export function counterView(
  city: City,
  screen: Screen,
  cases: CounterCase[],
  now: Millis,
): CounterView | null {
  const desk = city.desks.find((item) => item.counter.id === screen.counter);
  if (!desk) return null;
  const open = cases.flatMap((held) => {
    const step = lastStep(held);
    return step && !isOver(step, now) ? [{ held, step }] : [];
  });
  const current = open.at(-1);
  const hall = city.plan.halls.find((item) => item.id === desk.counter.hall)?.name ?? '';
  const waitingFor = hashOf(`${desk.counter.id} ${Math.floor(now / 180_000)}`) % 4;
  return {
    hall,
    counter: desk.counter.name,
    department: desk.department.name,
    officer: officerLabel(city, desk.officers[1]?.id),
    time: clockTime(now, desk.region.zone),
    case: current ? caseView(city, desk, current.held, current.step, now) : null,
    waiting: waitingFor,
    inHand: open
      .slice(-6)
      .toReversed()
      .map(({ held }) => {
        const facts = held.steps.find((item) => item.data['matter'] !== undefined)?.data ?? {};
        const matter = city.plan.matters.find((item) => item.id === facts['matter']);
        const stage = stagesOf(held.steps, matter).find((item) => item.state === 'current')?.name ?? '待流转';
        return { caseNo: held.caseNo, matter: matter?.name ?? '—', stage };
      }),
  };
}
