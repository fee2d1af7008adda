import { rulesetDraftSchema } from '@mingjing/contracts';
import { ruleInfo, shippedRules } from '@mingjing/rules';
import { z } from 'zod';
import { officeOf } from '../../administer/office.ts';
import { checkRuleset, publish, readRuleset, rulesetVersions } from '../../administer/rulesets.ts';
import {
  checkedSchema,
  publishedRulesetSchema,
  rejudgingSchema,
  ruleInfoSchema,
  rulesetVersionSchema,
} from '../../openapi/rulebookSchemas.ts';
import { inTransaction } from '../../store/database.ts';
import { countRejudging } from '../../store/rejudging/countRejudging.ts';
import { versionParams } from '../params.ts';
import { ADMINISTRATORS, EVERYBODY, forRoles, type Route } from '../route.ts';

const tag = 'Rulebook';

export const rulesetRoutes: Route[] = [
  forRoles(EVERYBODY, {
    ...{ method: 'get', path: '/api/rules', tag },
    summary: 'Every rule as it describes itself: its legal basis and its parameters.',
    success: { status: 200, schema: z.array(ruleInfoSchema) },
    handle: () => shippedRules.map(ruleInfo),
  }),
  forRoles(EVERYBODY, {
    ...{ method: 'get', path: '/api/rulesets', tag },
    summary: 'Every version of the ruleset, the latest first.',
    success: { status: 200, schema: z.array(rulesetVersionSchema) },
    handle: async ({ deps, caller }) =>
      rulesetVersions(deps.pool, await officeOf(deps.pool, caller.viewer, deps.now())),
  }),
  forRoles(EVERYBODY, {
    ...{ method: 'get', path: '/api/rulesets/:version', tag },
    summary: 'One version of the ruleset, without what other counties have set for themselves.',
    params: versionParams,
    success: { status: 200, schema: publishedRulesetSchema },
    handle: async ({ deps, caller, params }) =>
      readRuleset(deps.pool, await officeOf(deps.pool, caller.viewer, deps.now()), params.version),
  }),
  forRoles(ADMINISTRATORS, {
    ...{ method: 'post', path: '/api/rulesets', tag },
    summary:
      'Publish a version of the ruleset, made from the latest one. A county may change only what holds in it.',
    body: rulesetDraftSchema,
    success: { status: 201, schema: publishedRulesetSchema },
    async handle({ deps, caller, body }) {
      const office = await officeOf(deps.pool, caller.viewer, deps.now());
      const published = await inTransaction(deps.pool, (client) => publish(client, office, body));
      await deps.rules.reload();
      return published;
    },
  }),
  forRoles(ADMINISTRATORS, {
    ...{ method: 'post', path: '/api/rulesets/check', tag },
    summary: 'Check a draft of the ruleset as publishing it would, and publish nothing.',
    body: rulesetDraftSchema,
    success: { status: 200, schema: checkedSchema },
    async handle({ deps, caller, body }) {
      await checkRuleset(deps.pool, await officeOf(deps.pool, caller.viewer, deps.now()), body);
      return { ok: true };
    },
  }),
  forRoles(EVERYBODY, {
    ...{ method: 'get', path: '/api/rejudging', tag },
    summary: 'How many cases in scope still wait to be judged anew after a change of the rulebook.',
    success: { status: 200, schema: rejudgingSchema },
    handle: async ({ deps, caller }) => ({ waiting: await countRejudging(deps.pool, caller.viewer.region) }),
  }),
];
