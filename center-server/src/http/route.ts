import type { Role } from '@mingjing/contracts';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Viewer } from '../auth/viewer.ts';
import type { KnownSource } from '../store/sources/findSourceByToken.ts';
import type { AppDeps } from './deps.ts';

/** Everybody who looks; a clerk handles cases and watches nobody. */
export const WATCHERS: readonly Role[] = ['inspector', 'leader', 'supervisor', 'administrator'];
export const EVERYBODY: readonly Role[] = [...WATCHERS, 'clerk'];
export const ADMINISTRATORS: readonly Role[] = ['administrator'];

/** Who may call a route. */
export interface Access {
  /** Signed-in people in one of these roles. */
  roles?: readonly Role[];
  /** Sources of one of these kinds, by bearer token; 'any' for every kind. */
  sources?: readonly string[] | 'any';
  /** Nobody needs to be known. */
  open?: true;
}

/** Who is calling: a signed-in person, a source, or nobody known. */
export interface Caller {
  viewer?: Viewer;
  /** The viewer's session, by its name inside the centre. */
  sessionId?: string;
  source?: KnownSource;
}

/** One call of a route, its parts already checked against the route's schemas. */
export interface Call<P = unknown, Q = unknown, B = unknown, C = unknown> {
  deps: AppDeps;
  request: Request;
  response: Response;
  params: P;
  query: Q;
  body: B;
  caller: C;
}

export interface Route {
  method: 'get' | 'post' | 'patch' | 'delete' | 'put';
  /** Express's form: /api/users/:id */
  path: string;
  /** A heading of the API reference. */
  tag: string;
  summary: string;
  access: Access;
  /** A wall that runs by itself may call this: only what it needs to show its region. */
  unattended?: true;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** What a success looks like; other answers are problems. Without a schema there is no body. */
  success: { status: 200 | 201 | 202 | 204; schema?: z.ZodType; mediaType?: string };
  /** Returns the body, unless it answered through `response` itself. Throws ProblemError. */
  handle(call: Call): unknown;
}

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;

type Spec<P, Q, B, C> = Omit<Route, 'access' | 'params' | 'query' | 'body' | 'handle'> & {
  params?: P;
  query?: Q;
  body?: B;
  handle(call: Call<Parsed<P>, Parsed<Q>, Parsed<B>, C>): unknown;
};

type OptionalObject = z.ZodObject | undefined;
type OptionalType = z.ZodType | undefined;

/** A handler is called only with what passed its own schemas and access: its narrower view of a call holds. */
function toRoute(access: Access, spec: object): Route {
  return { ...(spec as Omit<Route, 'access'>), access };
}

/** A route for signed-in people in one of the roles. */
export function forRoles<
  P extends OptionalObject = undefined,
  Q extends OptionalObject = undefined,
  B extends OptionalType = undefined,
>(roles: readonly Role[], spec: Spec<P, Q, B, { viewer: Viewer; sessionId: string }>): Route {
  return toRoute({ roles }, spec);
}

/** A route for sources of some kinds, by their bearer token. */
export function forSources<
  P extends OptionalObject = undefined,
  Q extends OptionalObject = undefined,
  B extends OptionalType = undefined,
>(sources: readonly string[] | 'any', spec: Spec<P, Q, B, { source: KnownSource }>): Route {
  return toRoute({ sources }, spec);
}

/** A route for sources and for people in one of the roles. */
export function forSourcesAndRoles<
  P extends OptionalObject = undefined,
  Q extends OptionalObject = undefined,
>(sources: readonly string[] | 'any', roles: readonly Role[], spec: Spec<P, Q, undefined, Caller>): Route {
  return toRoute({ sources, roles }, spec);
}

/** A route that anybody may call. */
export function forAnybody<
  P extends OptionalObject = undefined,
  Q extends OptionalObject = undefined,
  B extends OptionalType = undefined,
>(spec: Spec<P, Q, B, unknown>): Route {
  return toRoute({ open: true }, spec);
}
