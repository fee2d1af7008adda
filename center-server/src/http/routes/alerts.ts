import {
  alertActionSchema,
  alertQuerySchema,
  alertRoutingSchema,
  alertSchema,
  routingQuerySchema,
} from '@mingjing/contracts';
import { handlingEnds } from '../../alerting/handlingEnds.ts';
import { appendAudit } from '../../audit/appendAudit.ts';
import { alertPageSchema, alertWithHistorySchema } from '../../openapi/schemas.ts';
import { noEffects } from '../../pipeline/effects.ts';
import { actOnAlert, getAlert, listAlerts } from '../../read/alerts.ts';
import { routingOf } from '../../read/routing.ts';
import { inTransaction } from '../../store/database.ts';
import { idParams, instantOf, storable } from '../params.ts';
import { wrong } from '../place.ts';
import { forRoles, WATCHERS, type Route } from '../route.ts';

export const alertRoutes: Route[] = [
  forRoles(WATCHERS, {
    method: 'get',
    path: '/api/alerts',
    tag: 'Alerts',
    summary: 'Alerts in scope, newest first, a page at a time.',
    query: storable(alertQuerySchema),
    success: { status: 200, schema: alertPageSchema },
    handle: ({ deps, caller, query }) => listAlerts(deps.pool, caller.viewer, query),
  }),
  forRoles(WATCHERS, {
    method: 'get',
    path: '/api/alerts/:id',
    tag: 'Alerts',
    summary: 'One alert with its history.',
    params: idParams,
    success: { status: 200, schema: alertWithHistorySchema },
    handle: ({ deps, caller, params }) => getAlert(deps.pool, caller.viewer, params.id),
  }),
  forRoles(WATCHERS, {
    method: 'get',
    path: '/api/alerts/:id/routing',
    tag: 'Alerts',
    summary:
      'A dry run: who was told of an alert up to an instant, who would be after it if nobody acts, and why.',
    params: idParams,
    query: storable(routingQuerySchema),
    success: { status: 200, schema: alertRoutingSchema },
    handle: ({ deps, caller, params, query }) =>
      routingOf(deps.pool, deps, caller.viewer, params.id, {
        at: instantOf('at', query.at) ?? deps.now(),
        now: deps.now(),
      }),
  }),
  forRoles(WATCHERS, {
    method: 'post',
    path: '/api/alerts/:id/actions',
    tag: 'Alerts',
    summary:
      'Acknowledge an alert for some working hours (then it opens again and escalates), take that back, close it, or add a note.',
    params: idParams,
    body: alertActionSchema,
    success: { status: 200, schema: alertSchema },
    async handle({ deps, caller: { viewer }, params, body }) {
      if (body.hours !== undefined && body.action !== 'acknowledge')
        throw wrong('hours', `only an acknowledgement takes time, not "${body.action}"`);
      const acted = await inTransaction(deps.pool, async (client) => {
        const at = deps.now();
        const until =
          body.action === 'acknowledge' ? await handlingEnds(client, deps, params.id, at, body.hours) : null;
        const alert = await actOnAlert(client, viewer, params.id, body, at, until);
        const detail = {
          ...{ alert: alert.id, kind: alert.kind, state: alert.state, note: body.note ?? null },
          ...(until !== null && { until: Math.trunc(until) }),
        };
        await appendAudit(client, {
          at,
          actor: viewer.username,
          region: alert.region,
          action: `alert.${body.action}`,
          object: String(alert.id),
          detail,
        });
        return alert;
      });
      deps.hub.publish({ ...noEffects(), alerts: [acted.id], figures: true });
      return acted;
    },
  }),
];
