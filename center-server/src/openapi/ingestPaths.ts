import { CLOUDEVENT, CLOUDEVENT_BATCH, MAX_BATCH, observationSchemas } from '@mingjing/contracts';
import { z } from 'zod';

type Json = Record<string, unknown>;

const problem = { $ref: '#/components/responses/Problem' };
const tags = ['Ingest'];
const security = [{ sourceToken: [] }];

/** One kind of event: the envelope with the data of its kind. */
function eventSchema([kind, data]: [string, z.ZodType]): Json {
  const { $schema: _dialect, ...dataSchema } = z.toJSONSchema(data, {
    io: 'input',
    unrepresentable: 'any',
  }) as Json;
  return {
    title: kind,
    type: 'object',
    required: ['specversion', 'id', 'source', 'type', 'time', 'data'],
    properties: {
      specversion: { const: '1.0' },
      id: { type: 'string', description: 'With source, the key that makes sending again safe' },
      source: { type: 'string' },
      type: { const: kind },
      time: { type: 'string', format: 'date-time', description: 'When it was observed' },
      data: dataSchema,
    },
  };
}

/** The two addresses that read their bodies by themselves. */
export function ingestPaths(answer: Json): Record<string, Json> {
  return {
    '/api/ingest': {
      post: {
        tags,
        security,
        summary: 'Hand in observations, as CloudEvents 1.0: one, or a batch.',
        description:
          `At most ${MAX_BATCH} events. A bad event never sinks its batch: the answer says for each event, in order, ` +
          'stored, duplicate or rejected with the reason. 429 with Retry-After when too much is waiting.',
        requestBody: {
          required: true,
          content: {
            [CLOUDEVENT]: { schema: { $ref: '#/components/schemas/Event' } },
            [CLOUDEVENT_BATCH]: { schema: { type: 'array', items: { $ref: '#/components/schemas/Event' } } },
          },
        },
        responses: {
          200: { description: 'One result per event', content: { 'application/json': { schema: answer } } },
          default: problem,
        },
      },
    },
    '/api/ingest/blobs/{sha256}': {
      put: {
        tags,
        security,
        summary: 'Hand in a picture, before the event that names it.',
        parameters: [
          {
            name: 'sha256',
            in: 'path',
            required: true,
            schema: { type: 'string', pattern: '^[0-9a-f]{64}$' },
          },
        ],
        requestBody: { required: true, content: { 'image/*': {} } },
        responses: {
          200: { description: 'It was there already' },
          201: { description: 'Kept' },
          default: problem,
        },
      },
    },
  };
}

/** One schema per kind of event. */
export function eventComponent(): Json {
  return { oneOf: Object.entries(observationSchemas).map(eventSchema) };
}
