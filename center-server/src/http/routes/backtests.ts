import { backtestRequestSchema } from '@mingjing/contracts';
import { z } from 'zod';
import { recordAudit } from '../../audit/appendAudit.ts';
import { jobOf } from '../../backtest/request.ts';
import { backtestRunSchema } from '../../openapi/backtestSchemas.ts';
import { checkOwnRegion } from '../place.ts';
import { forRoles, type Route } from '../route.ts';

const tag = 'Rulebook';
const params = z.strictObject({ id: z.uuid() });
/** Who may try a changed ruleset. */
const TRIERS = ['supervisor', 'administrator'] as const;

export const backtestRoutes: Route[] = [
  forRoles(TRIERS, {
    ...{ method: 'post', path: '/api/backtests', tag },
    summary:
      'Run a changed ruleset over the stored history of a region, and compare it with what was issued. Nothing is changed.',
    body: backtestRequestSchema,
    success: { status: 202, schema: backtestRunSchema },
    async handle({ deps, caller: { viewer }, body }) {
      const region = body.region ?? viewer.region;
      await checkOwnRegion(deps.pool, viewer, region);
      const at = deps.now();
      const run = deps.backtests.start(viewer, jobOf(body, region, at));
      const { from, to } = body;
      const entry = { at, actor: viewer.username, region, object: run.id, detail: { from, to } };
      await recordAudit(deps.pool, { ...entry, action: 'backtest.started' });
      return run;
    },
  }),
  forRoles(TRIERS, {
    ...{ method: 'get', path: '/api/backtests', tag },
    summary: 'Backtests of the own region and below, the latest first, without their single differences.',
    success: { status: 200, schema: z.array(backtestRunSchema) },
    handle: ({ deps, caller }) => deps.backtests.list(caller.viewer),
  }),
  forRoles(TRIERS, {
    ...{ method: 'get', path: '/api/backtests/:id', tag },
    summary: 'How far a backtest is, and its result when it is done.',
    params,
    success: { status: 200, schema: backtestRunSchema },
    handle: ({ deps, caller, params: { id } }) => deps.backtests.get(caller.viewer, id),
  }),
  forRoles(TRIERS, {
    ...{ method: 'delete', path: '/api/backtests/:id', tag },
    summary: 'Call a backtest off, or forget a finished one.',
    params,
    success: { status: 200, schema: backtestRunSchema },
    async handle({ deps, caller: { viewer }, params: { id } }) {
      const run = deps.backtests.cancel(viewer, id);
      const entry = { at: deps.now(), actor: viewer.username, region: viewer.region, object: id };
      await recordAudit(deps.pool, { ...entry, action: 'backtest.cancelled' });
      return run;
    },
  }),
];
