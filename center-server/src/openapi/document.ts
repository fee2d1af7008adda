import { CLOUDEVENT, CLOUDEVENT_BATCH, ingestAnswerSchema, problemSchema } from '@mingjing/contracts';
import { z } from 'zod';
import { PROBLEM_JSON } from '../http/problems.ts';
import type { Access, Route } from '../http/route.ts';
import { eventComponent, ingestPaths } from './ingestPaths.ts';

type Json = Record<string, unknown>;

/** A schema as OpenAPI 3.1 writes it, which is JSON Schema 2020-12. */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
  return rest;
}

/** /api/users/:id → /api/users/{id} */
export function openApiPath(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}');
}

function parametersOf(schema: z.ZodObject | undefined, where: 'path' | 'query'): Json[] {
  if (!schema) return [];
  return Object.entries(schema.shape).map(([name, field]) => ({
    name,
    in: where,
    required: where === 'path' || !(field as z.ZodType).safeParse(undefined).success,
    schema: jsonSchema(field as z.ZodType, 'output'),
  }));
}

function securityOf({ open, roles, sources }: Access): Json[] {
  if (open) return [];
  return [...(roles ? [{ session: [] }] : []), ...(sources ? [{ sourceToken: [] }] : [])];
}

function whoOf({ open, roles, sources }: Access): string {
  if (open) return 'Anybody may call this.';
  const kinds = sources === 'any' ? 'any kind' : `the kinds ${sources?.join(', ') ?? ''}`;
  const who = [
    ...(roles ? [`the roles ${roles.join(', ')}`] : []),
    ...(sources ? [`sources of ${kinds}`] : []),
  ];
  return `For ${who.join(', and for ')}.`;
}

function successOf({ success: { schema, mediaType = 'application/json' } }: Route): Json {
  if (!schema) return mediaType === 'application/json' ? {} : { content: { [mediaType]: {} } };
  return { content: { [mediaType]: { schema: jsonSchema(schema, 'output') } } };
}

function operationOf(route: Route): Json {
  const parameters = [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')];
  return {
    tags: [route.tag],
    summary: route.summary,
    description: whoOf(route.access),
    security: securityOf(route.access),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: jsonSchema(route.body, 'input') } },
          },
        }
      : {}),
    responses: {
      [route.success.status]: { description: 'Done', ...successOf(route) },
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

function pathsOf(routes: readonly Route[]): Record<string, Json> {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = openApiPath(route.path);
    paths[path] = { ...paths[path], [route.method]: operationOf(route) };
  }
  return paths;
}

/** The API as an OpenAPI 3.1 document, made from the very table that is mounted. */
export function openApiDocument(routes: readonly Route[]): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: '明镜 Mingjing',
      version: '0.1.0',
      description:
        '实时监督与视频监控指挥中心 — a command centre for the supervision of administrative power. ' +
        `Everything enters as CloudEvents (${CLOUDEVENT}, ${CLOUDEVENT_BATCH}) on POST /api/ingest.`,
    },
    paths: { ...ingestPaths(jsonSchema(ingestAnswerSchema, 'output')), ...pathsOf(routes) },
    components: {
      schemas: { Event: eventComponent() },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'mj_session' },
        sourceToken: { type: 'http', scheme: 'bearer', description: 'mingjing source add prints it, once' },
      },
      responses: {
        Problem: {
          description: 'A problem document (RFC 9457) that says what was wrong and what was expected',
          content: { [PROBLEM_JSON]: { schema: jsonSchema(problemSchema, 'output') } },
        },
      },
    },
  };
}
