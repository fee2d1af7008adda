import type {
  CaseEventData,
  CaseEventKind,
  CaseStatus,
  Limit,
  StageSpan,
  StoredObservation,
} from '@mingjing/contracts';
import type { CaseState, Proceeding } from '../model.ts';

type Step<K extends CaseEventKind> = (
  state: CaseState,
  data: CaseEventData[K],
  event: StoredObservation,
) => void;

function takeFacts(state: CaseState, data: CaseEventData['case.submitted']): void {
  state.matter = data.matter ?? state.matter;
  state.title = data.title ?? state.title;
  state.applicant = data.applicant ?? state.applicant;
  state.channel = data.channel ?? state.channel;
  state.limit = data.limit ?? state.limit;
}

function isOpen(span: StageSpan, stage: string): boolean {
  return span.stage === stage && span.completedAt === null;
}

function completeStage(
  state: CaseState,
  stage: string,
  event: StoredObservation,
  officer: string | undefined,
): void {
  const index = state.stages.findLastIndex((span) => isOpen(span, stage));
  const open = state.stages[index];
  const completedAt = event.observedAt;
  if (open)
    state.stages = state.stages.with(index, { ...open, completedAt, officer: officer ?? open.officer });
  // Many systems report only that a step is done.
  else state.stages = [...state.stages, { stage, startedAt: null, completedAt, officer: officer ?? null }];
  state.stage = state.stages.findLast((span) => span.completedAt === null)?.stage ?? stage;
}

/** Notes when the source of the acceptance told of something else of the case. */
function toldBeside(state: CaseState, receivedAt: number | null): void {
  if (receivedAt === null || state.acceptedAt === null || receivedAt < state.acceptedAt) return;
  state.toldBesideAcceptanceAt = Math.min(state.toldBesideAcceptanceAt ?? receivedAt, receivedAt);
}

/** The first decision or withdrawal ends a case; a delivery only as long as nothing is known of either. */
function end(state: CaseState, by: 'decided' | 'withdrawn' | 'delivered', at: number): boolean {
  if (state.endedBy !== null && (state.endedBy !== 'delivered' || by === 'delivered')) return false;
  state.endedAt = at;
  state.endedBy = by;
  return true;
}

function open(
  state: CaseState,
  kind: Proceeding['kind'],
  id: string,
  limit: Limit | undefined,
  at: number,
): void {
  if (state.proceedings.some((one) => one.kind === kind && one.id === id)) return;
  state.proceedings = [
    ...state.proceedings,
    { kind, id, openedAt: at, answeredAt: null, limit: limit ?? null },
  ];
}

function answer(state: CaseState, kind: Proceeding['kind'], id: string, at: number): void {
  const index = state.proceedings.findIndex(
    (one) => one.kind === kind && one.id === id && one.answeredAt === null,
  );
  const found = state.proceedings[index];
  if (found) state.proceedings = state.proceedings.with(index, { ...found, answeredAt: at });
}

/**
 * What each kind of event does to a case. A step changes the state it is given, and puts new arrays in the
 * place of old ones: the arrays may be shared with an earlier state.
 */
const STEPS: { [K in CaseEventKind]: Step<K> } = {
  'case.submitted': (state, data, event) => {
    takeFacts(state, data);
    if (state.submittedAt !== null) return;
    state.submittedAt = event.observedAt;
    state.submittedReceivedAt = event.receivedAt;
    state.submittedSource = event.source;
  },
  'case.accepted': (state, data, event) => {
    takeFacts(state, data);
    if (state.acceptedAt !== null) return;
    state.acceptedAt = event.observedAt;
    state.acceptedReceivedAt = event.receivedAt;
    state.acceptedSource = event.source;
    // The submission was folded before, and may have been told when the acceptance had happened.
    if (state.submittedSource === event.source) toldBeside(state, state.submittedReceivedAt);
    state.acceptedBy = data.officer ?? null;
  },
  'case.stage.started': (state, data, event) => {
    const span = {
      stage: data.stage,
      startedAt: event.observedAt,
      completedAt: null,
      officer: data.officer ?? null,
    };
    state.stages = [...state.stages, span];
    state.stage = data.stage;
  },
  'case.stage.completed': (state, data, event) => completeStage(state, data.stage, event, data.officer),
  'case.suspended': (state, data, event) => {
    const { procedure, approver = null, reason = null, limit = null } = data;
    state.suspensions = [
      ...state.suspensions,
      { from: event.observedAt, to: null, procedure, approver, reason, limit },
    ];
  },
  'case.resumed': (state, _data, event) => {
    // The event does not say which procedure ended: the clock runs again, so none is left open.
    state.suspensions = state.suspensions.map((span) =>
      span.to === null ? { ...span, to: event.observedAt } : span,
    );
  },
  'case.extended': (state, data, event) => {
    const { by, approver = null, reason = null } = data;
    state.extensions = [...state.extensions, { at: event.observedAt, by, approver, reason }];
  },
  'case.decided': (state, data, event) => {
    if (!end(state, 'decided', event.observedAt)) return;
    state.decidedBy = data.officer ?? null;
    state.outcome = data.outcome ?? null;
    state.refusalReason = data.outcome === 'refused' ? (data.reason ?? null) : null;
  },
  'case.delivered': (state, _data, event) => {
    state.deliveredAt ??= event.observedAt;
    end(state, 'delivered', event.observedAt);
  },
  'case.withdrawn': (state, _data, event) => {
    end(state, 'withdrawn', event.observedAt);
  },
  'case.corrected': () => {
    // What it takes back is left out before folding; the correction itself changes nothing else.
  },
  'barcode.scanned': (state, _data, event) => {
    state.scannedAt ??= event.observedAt;
  },
  'order.issued': (state, data, event) => open(state, 'order', data.order, data.limit, event.observedAt),
  'order.answered': (state, data, event) => answer(state, 'order', data.order, event.observedAt),
  'complaint.filed': (state, data, event) =>
    open(state, 'complaint', data.complaint ?? event.id, data.limit, event.observedAt),
  'complaint.answered': (state, data, event) => answer(state, 'complaint', data.complaint, event.observedAt),
  'appeal.filed': (state, data, event) => open(state, 'appeal', data.appeal, data.limit, event.observedAt),
  'appeal.decided': (state, data, event) => answer(state, 'appeal', data.appeal, event.observedAt),
};

function statusOf(state: CaseState): CaseStatus {
  if (state.endedBy === 'withdrawn') return 'withdrawn';
  if (state.deliveredAt !== null) return 'delivered';
  if (state.endedAt !== null) return 'decided';
  if (state.suspensions.some((span) => span.to === null)) return 'suspended';
  return state.acceptedAt === null ? 'submitted' : 'accepted';
}

/** Kinds that tell how the case itself is handled; an order or a complaint does not move it to another counter. */
const ABOUT_THE_CASE = new Set<CaseEventKind>(
  (Object.keys(STEPS) as CaseEventKind[]).filter(
    (kind) => kind.startsWith('case.') && kind !== 'case.corrected',
  ),
);

/**
 * Applies one event to a state in place.
 * @param event its data has been checked against the schema of its kind, at the door
 */
export function step(state: CaseState, kind: CaseEventKind, event: StoredObservation): void {
  const data = event.data as CaseEventData[CaseEventKind];
  if (ABOUT_THE_CASE.has(kind)) {
    state.region = data.region;
    state.department = data.department ?? state.department;
    state.hall = data.hall ?? state.hall;
    state.counter = data.counter ?? state.counter;
    state.officer = data.officer ?? state.officer;
  }
  if (state.acceptedSource === event.source && kind !== 'case.accepted') toldBeside(state, event.receivedAt);
  const run = STEPS[kind] as Step<CaseEventKind>;
  run(state, data, event);
  state.status = statusOf(state);
}
