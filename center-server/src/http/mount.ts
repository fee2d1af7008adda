import { inScope, regionCodeSchema } from '@mingjing/contracts';
import type { Request, RequestHandler, Router } from 'express';
import { z } from 'zod';
import { callerOf } from '../auth/callers.ts';
import type { AppDeps } from './deps.ts';
import { invalid, ProblemError } from './problems.ts';
import type { Call, Caller, Route } from './route.ts';

function isList(schema: unknown): boolean {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return isList(schema.unwrap());
  return schema instanceof z.ZodArray;
}

/** A list comes as a repeated key or with commas (kind=red&kind=yellow, kind=red,yellow); nothing else may repeat. */
function readQuery(schema: z.ZodObject, query: Request['query']): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(query)
      .filter(([, value]) => value !== '')
      .map(([key, value]) => {
        if (!isList(schema.shape[key])) return [key, value];
        return [key, typeof value === 'string' ? value.split(',') : value];
      }),
  );
}

function check(schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw invalid(parsed.error);
  return parsed.data;
}

/** A region that is asked for must be one, and lie in the caller's own. */
function checkRegion(query: unknown, caller: Caller): void {
  const { region } = (query ?? {}) as { region?: unknown };
  const own = caller.viewer?.region ?? caller.source?.region;
  if (region === undefined || own === undefined) return;
  const code = regionCodeSchema.safeParse(region);
  if (!code.success) {
    throw new ProblemError('invalid', 'region: expected a division code', {
      errors: [{ field: 'region', message: code.error.issues[0]?.message ?? 'expected a division code' }],
    });
  }
  if (!inScope(own, code.data))
    throw new ProblemError('forbidden', `region ${code.data} lies outside ${own}`);
}

function readCall(deps: AppDeps, route: Route, request: Request, caller: Caller): Omit<Call, 'response'> {
  const query = route.query ? check(route.query, readQuery(route.query, request.query)) : undefined;
  checkRegion(query, caller);
  return {
    deps,
    request,
    caller,
    params: check(route.params, request.params),
    query,
    body: check(route.body, request.body as unknown),
  };
}

function handlerOf(deps: AppDeps, route: Route): RequestHandler {
  return async (request, response) => {
    response.locals['route'] = route.path;
    const caller = await callerOf(deps, route.access, request, response);
    if (caller.viewer?.wall !== undefined && !route.unattended)
      throw new ProblemError('forbidden', 'a wall that runs by itself may only look');
    const call = readCall(deps, route, request, caller);
    response.setHeader('Cache-Control', 'no-store');
    const answer: unknown = await route.handle({ ...call, response });
    if (response.headersSent) return;
    if (route.success.status === 204) response.status(204).end();
    else response.status(route.success.status).json(answer);
  };
}

/** Puts routes on a router: each call is let in, read, checked, answered, in this order. */
export function mountRoutes(router: Router, deps: AppDeps, routes: readonly Route[]): void {
  for (const route of routes) router[route.method](route.path, handlerOf(deps, route));
}
