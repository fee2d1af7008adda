import type { AuditPage } from '@mingjing/contracts';
import { auditPageSchema } from '../../openapi/schemas.ts';
import { listAudit } from '../../store/audit/listAudit.ts';
import { pageQuery } from '../params.ts';
import { ADMINISTRATORS, forRoles, type Route } from '../route.ts';

export const auditRoutes: Route[] = [
  forRoles(ADMINISTRATORS, {
    method: 'get',
    path: '/api/audit',
    tag: 'Administration',
    summary: 'Who did what, newest first.',
    query: pageQuery,
    success: { status: 200, schema: auditPageSchema },
    async handle({ deps, caller, query: { before, limit } }): Promise<AuditPage> {
      const { lines, total } = await listAudit(deps.pool, caller.viewer.region, { before, limit: limit + 1 });
      const entries = lines.slice(0, limit);
      return { entries, next: lines.length > limit ? (entries.at(-1)?.seq ?? null) : null, total };
    },
  }),
];
