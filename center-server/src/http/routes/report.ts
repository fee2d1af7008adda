import { identifierSchema, instantSchema, parseInstant, sourceIdSchema } from '@mingjing/contracts';
import { z } from 'zod';
import { maySee } from '../../auth/viewer.ts';
import { caseClocksSchema } from '../../openapi/caseSchemas.ts';
import { overdueReportSchema } from '../../openapi/schemas.ts';
import { caseClocks } from '../../read/caseClocks.ts';
import { overdueReport } from '../../read/overdueReport.ts';
import { getSource } from '../../store/sources/getSource.ts';
import type { AppDeps } from '../deps.ts';
import { ProblemError } from '../problems.ts';
import { ADMINISTRATORS, forSourcesAndRoles, type Caller, type Route } from '../route.ts';

/** A source asks about itself; an administrator about any source in the own region. */
async function sourceAskedFor(deps: AppDeps, caller: Caller, asked: string | undefined): Promise<string> {
  if (caller.source) {
    if (asked !== undefined && asked !== caller.source.id) {
      throw new ProblemError('forbidden', `source "${caller.source.id}" may ask only about itself`);
    }
    return caller.source.id;
  }
  if (asked === undefined) throw new ProblemError('invalid', 'source: expected the id of a source');
  const source = await getSource(deps.pool, asked);
  if (!source || !caller.viewer || !maySee(caller.viewer, source.region)) {
    throw new ProblemError('not-found', `there is no source "${asked}"`);
  }
  return asked;
}

export const reportRoutes: Route[] = [
  forSourcesAndRoles('any', ADMINISTRATORS, {
    method: 'get',
    path: '/api/report/overdue',
    tag: 'Reports',
    summary: 'How many cases of a source are overdue at an instant (now, unless asOf says otherwise).',
    query: z.strictObject({ source: sourceIdSchema.optional(), asOf: instantSchema.optional() }),
    success: { status: 200, schema: overdueReportSchema },
    async handle({ deps, caller, query }) {
      const sourceId = await sourceAskedFor(deps, caller, query.source);
      const asOf = query.asOf === undefined ? deps.now() : parseInstant(query.asOf);
      return overdueReport(deps.pool, { sourceId, asOf });
    },
  }),
  forSourcesAndRoles('any', ADMINISTRATORS, {
    method: 'get',
    path: '/api/report/clock',
    tag: 'Reports',
    summary:
      'The clocks of one case of a source, day by day, as of an instant (now, unless asOf says otherwise).',
    query: z.strictObject({
      source: sourceIdSchema.optional(),
      /** Its number, or its id where several regions have that number. */
      case: identifierSchema.max(600),
      asOf: instantSchema.optional(),
    }),
    success: { status: 200, schema: caseClocksSchema },
    async handle({ deps, caller, query }) {
      const sourceId = await sourceAskedFor(deps, caller, query.source);
      const asOf = query.asOf === undefined ? deps.now() : parseInstant(query.asOf);
      return caseClocks(deps.pool, { sourceId, case: query.case, asOf }, deps);
    },
  }),
];
