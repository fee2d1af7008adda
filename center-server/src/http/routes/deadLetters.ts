import { identifierSchema, ingestAnswerSchema, type IngestAnswer } from '@mingjing/contracts';
import { appendAudit } from '../../audit/appendAudit.ts';
import { maySee, type Viewer } from '../../auth/viewer.ts';
import { ingest } from '../../ingest/ingest.ts';
import { deadLetterPageSchema } from '../../openapi/schemas.ts';
import { inTransaction } from '../../store/database.ts';
import { getDeadLetter } from '../../store/deadLetters/getDeadLetter.ts';
import { listDeadLetters } from '../../store/deadLetters/listDeadLetters.ts';
import { markReplayed } from '../../store/deadLetters/markReplayed.ts';
import type { AppDeps } from '../deps.ts';
import { idParams, pageQuery } from '../params.ts';
import { ProblemError } from '../problems.ts';
import { ADMINISTRATORS, forRoles, type Route } from '../route.ts';

function eventOf(id: number, body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ProblemError(
      'conflict',
      `dead letter ${id} was too long to be kept whole and cannot be played (${why})`,
    );
  }
}

/**
 * Sends a dead letter through ingest again as its own source. Whatever comes of it, this letter is done:
 * stored, known already, or refused again, which makes a new letter with the new reason.
 */
async function replay(deps: AppDeps, viewer: Viewer, id: number): Promise<IngestAnswer> {
  const found = await getDeadLetter(deps.pool, id);
  if (!found || !maySee(viewer, found.region))
    throw new ProblemError('not-found', `there is no dead letter ${id}`);
  if (found.letter.replayedAt !== null)
    throw new ProblemError('conflict', `dead letter ${id} was played again already`);
  const { sourceId, body } = found.letter;
  const answer = await ingest(deps.ingest, { id: sourceId, region: found.region }, [eventOf(id, body)]);
  await inTransaction(deps.pool, async (client) => {
    await markReplayed(client, id, deps.now());
    await appendAudit(client, {
      at: deps.now(),
      actor: viewer.username,
      region: found.region,
      action: 'dead-letter.replayed',
      object: String(id),
      detail: { source: sourceId, outcome: answer.results[0]?.status ?? null },
    });
  });
  return answer;
}

export const deadLetterRoutes: Route[] = [
  forRoles(ADMINISTRATORS, {
    method: 'get',
    path: '/api/dead-letters',
    tag: 'Administration',
    summary: 'Events that were refused, with the reason, newest first.',
    query: pageQuery.extend({ source: identifierSchema.optional() }),
    success: { status: 200, schema: deadLetterPageSchema },
    handle: ({ deps, caller, query }) => listDeadLetters(deps.pool, caller.viewer.region, query),
  }),
  forRoles(ADMINISTRATORS, {
    method: 'post',
    path: '/api/dead-letters/:id/replay',
    tag: 'Administration',
    summary: 'Send a refused event through ingest again.',
    params: idParams,
    success: { status: 200, schema: ingestAnswerSchema },
    handle: ({ deps, caller, params }) => replay(deps, caller.viewer, params.id),
  }),
];
