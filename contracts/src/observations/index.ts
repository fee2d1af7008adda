import { z } from 'zod';
import { identifierSchema } from '../text.ts';
import { instantSchema } from '../time.ts';
import { caseEventSchemas, type CaseEventData, type CaseEventKind } from './case.ts';
import { familySchemas, otherSchemas } from './others.ts';

/** Every kind of observation that has a name of its own, with the schema of its data. */
export const observationSchemas = { ...caseEventSchemas, ...otherSchemas };
export type ObservationKind = keyof typeof observationSchemas;
export type ObservationData = CaseEventData & {
  [K in keyof typeof otherSchemas]: z.infer<(typeof otherSchemas)[K]>;
};

/** Whether an observation's kind is an event of a case. */
export function isCaseEvent(kind: string): kind is CaseEventKind {
  return Object.hasOwn(caseEventSchemas, kind);
}

/**
 * The schema of a kind's data. Kinds of the families `enforcement.*` and `trading.*` share one schema each.
 * @returns undefined for a kind nobody knows
 */
export function dataSchemaOf(kind: string): z.ZodType | undefined {
  if (Object.hasOwn(observationSchemas, kind)) return observationSchemas[kind as ObservationKind];
  const family = kind.split('.', 1)[0];
  if (family === 'enforcement' || family === 'trading') return familySchemas[family];
  return undefined;
}

/**
 * The CloudEvents 1.0 envelope in structured JSON form, as this centre accepts it.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
 * `time` is the observed time and required here, though the specification leaves it optional.
 */
export const envelopeSchema = z
  .looseObject({
    specversion: z.literal('1.0'),
    id: identifierSchema,
    source: identifierSchema,
    type: z.string().min(1).max(100),
    time: instantSchema,
    subject: z.string().max(256).optional(),
    datacontenttype: z
      .string()
      .regex(/^application\/json\b/i, 'expected application/json')
      .optional(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'CloudEvent' });
export type CloudEvent = z.infer<typeof envelopeSchema>;

/** An observation as collectors make it: a CloudEvent whose data matches its kind. */
export type ObservationEvent<K extends ObservationKind = ObservationKind> = {
  [T in K]: {
    specversion: '1.0';
    id: string;
    source: string;
    type: T;
    time: string;
    subject?: string;
    data: ObservationData[T];
  };
}[K];

/** An observation after it was accepted: observed and received are two times, in ms since the epoch. */
export interface StoredObservation {
  /** The centre's own gapless-in-order number; larger was stored later. */
  seq: number;
  source: string;
  id: string;
  kind: string;
  region: string;
  observedAt: number;
  receivedAt: number;
  data: Record<string, unknown>;
}
