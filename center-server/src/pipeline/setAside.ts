import type { StoredObservation } from '@mingjing/contracts';
import type { NewAlert } from '@mingjing/rules';
import { raiseAlerts } from '../store/alerts/raiseAlerts.ts';
import { caseLabels } from '../store/cases/caseLabels.ts';
import { dueCases } from '../store/cases/dueCases.ts';
import { putOffClocks } from '../store/cases/putOffClocks.ts';
import { inTransaction, type Client } from '../store/database.ts';
import { insertDeadLetters } from '../store/observations/insertDeadLetters.ts';
import { readAfter } from '../store/observations/readObservations.ts';
import { removeObservation } from '../store/observations/removeObservation.ts';
import { moveCursor } from '../store/pipeline/cursor.ts';
import { takeRejudging } from '../store/rejudging/takeRejudging.ts';
import { tokenSource } from './catchUp.ts';
import { noEffects, type Effects } from './effects.ts';
import { CURSOR } from './cursorName.ts';
import { lockPipeline } from './freshen.ts';
import { unjudged, type StepDeps } from './step.ts';

/** How long a case that could not be judged waits before it is looked at again. */
const PUT_OFF_MS = 3_600_000;

/** The longest text of an error that is told. */
const MAX_REASON = 500;

function told(error: Error): string {
  return error.message.replaceAll('\u0000', '').toWellFormed().slice(0, MAX_REASON);
}

type Place = Pick<NewAlert, 'region' | 'caseId' | 'caseNo' | 'sourceId'>;

function alertOf(
  at: number,
  place: Place,
  fingerprint: string,
  { title, reason }: Pick<NewAlert, 'title' | 'reason'>,
): NewAlert {
  return {
    ...{ fingerprint, kind: 'rule-failed', rule: 'pipeline', ruleVersion: 1, at, title, reason, values: {} },
    ...{ department: null, matter: null, hall: null, counter: null, officer: null },
    ...place,
  };
}

/** The event as it came, so that it can be played again. */
function eventText({ source, id, kind, observedAt, data }: StoredObservation): string {
  const token = tokenSource(source);
  const from = source === token ? token : source.slice(token.length + 1);
  const time = new Date(observedAt).toISOString();
  return JSON.stringify({ specversion: '1.0', id, source: from, type: kind, time, data });
}

/**
 * Takes the next observation out of the way of those behind it: it becomes a dead letter that can be
 * played again, and an alert tells of it. It leaves the store with it, lest it spoil every later fold of
 * its case.
 */
export function setObservationAside(deps: StepDeps, error: Error): Promise<Effects> {
  return inTransaction(deps.pool, async (client) => {
    const read = await readAfter(client, await lockPipeline(deps, client), 1, 1);
    if (!read) return noEffects();
    await moveCursor(client, CURSOR, read.last);
    const [observation] = read.observations;
    if (!observation) return noEffects();
    const { source, id, kind, region, receivedAt, data } = observation;
    const sourceId = tokenSource(source);
    await removeObservation(client, observation);
    const reason = `the pipeline cannot work on it: ${told(error)}`;
    const body = eventText(observation);
    await insertDeadLetters(client, [{ sourceId, receivedAt, eventId: id, kind, reason, body }]);
    const caseNo = typeof data['caseNo'] === 'string' ? data['caseNo'] : null;
    const now = deps.now();
    const alert = alertOf(now, { region, caseId: null, caseNo, sourceId }, `set-aside|${source}|${id}`, {
      title: { zh: '一条数据无法处理', en: 'An observation cannot be worked on' },
      reason: {
        zh: `采集源 ${sourceId} 的数据 ${id}（${kind}）无法处理，已移入死信：${told(error)}`,
        en: `${kind} ${id} of source ${sourceId} cannot be worked on and became a dead letter: ${told(error)}`,
      },
    });
    return { ...noEffects(), alerts: await raiseAlerts(client, [alert], now) };
  });
}

/** Lets some cases wait an hour, and tells of it: those behind them must not wait with them. */
async function putOff(client: Client, caseIds: string[], now: number, error: Error): Promise<Effects> {
  await putOffClocks(client, caseIds, now + PUT_OFF_MS);
  const alerts = (await caseLabels(client, caseIds)).map(({ caseId, caseNo, region }) =>
    alertOf(now, { region, caseId, caseNo, sourceId: null }, unjudged(caseId), {
      title: { zh: '办件时限无法判断', en: 'A case’s time limit cannot be judged' },
      reason: {
        zh: `办件 ${caseNo} 的时限无法判断，一小时后再试：${told(error)}`,
        en: `The time limit of case ${caseNo} cannot be judged; tried again in an hour: ${told(error)}`,
      },
    }),
  );
  return { ...noEffects(), alerts: await raiseAlerts(client, alerts, now) };
}

/** Lets the case that is longest due wait an hour. */
export function putCaseOff(deps: StepDeps, error: Error): Promise<Effects> {
  return inTransaction(deps.pool, async (client) => {
    await lockPipeline(deps, client);
    const now = deps.now();
    return putOff(client, await dueCases(client, now, deps.catchUp.behind(now), 1), now, error);
  });
}

/** Lets the next of the cases that are to be judged anew wait an hour. */
export function putRejudgedOff(deps: StepDeps, error: Error): Promise<Effects> {
  return inTransaction(deps.pool, async (client) => {
    await lockPipeline(deps, client);
    return putOff(client, await takeRejudging(client, 1), deps.now(), error);
  });
}
