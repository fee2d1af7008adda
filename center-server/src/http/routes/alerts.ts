import { alertActionSchema, alertQuerySchema, alertSchema } from '@mingjing/contracts';
import { appendAudit } from '../../audit/appendAudit.ts';
import { alertPageSchema, alertWithHistorySchema } from '../../openapi/schemas.ts';
import { noEffects } from '../../pipeline/effects.ts';
import { actOnAlert, getAlert, listAlerts } from '../../read/alerts.ts';
import { inTransaction } from '../../store/database.ts';
import { idParams, storable } from '../params.ts';
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
    method: 'post',
    path: '/api/alerts/:id/actions',
    tag: 'Alerts',
    summary: 'Acknowledge an alert, take that back, close it, or add a note.',
    params: idParams,
    body: alertActionSchema,
    success: { status: 200, schema: alertSchema },
    async handle({ deps, caller: { viewer }, params, body }) {
      const acted = await inTransaction(deps.pool, async (client) => {
        const at = deps.now();
        const alert = await actOnAlert(client, viewer, params.id, body, at);
        const detail = { alert: alert.id, kind: alert.kind, state: alert.state, note: body.note ?? null };
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
