import {
  caseOfEvent,
  dataSchemaOf,
  envelopeSchema,
  inScope,
  isCaseEvent,
  isStorableText,
  observationSchemas,
  parseInstant,
  readInstant,
  type CloudEvent,
  type Millis,
} from '@mingjing/contracts';
import type { z } from 'zod';
import { acceptsSurely } from './accepts.ts';
import { isTooDeep, MAX_DEPTH } from './depth.ts';

/** An observation that may be stored. */
export interface NewObservation {
  /** The token's source, or `<token's source>:<the event's own source>` where they differ. */
  source: string;
  id: string;
  kind: string;
  region: string;
  caseId: string | null;
  observedAt: Millis;
  receivedAt: Millis;
  /** The event's data as JSON text. */
  data: string;
}

export type Checked =
  { ok: true; row: NewObservation } | { ok: false; id: string | null; kind: string | null; reason: string };

/** Who is posting, when, and which regions exist. */
export interface CheckContext {
  source: { id: string; region: string; screen?: string | null };
  receivedAt: Millis;
  /** How far ahead of the centre's clock an observed time may lie. */
  maxAheadMs: number;
  isRegion: (code: string) => boolean;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function valueAt(root: unknown, path: PropertyKey[]): unknown {
  let value = root;
  for (const key of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
  return value;
}

/** The first thing wrong, as "field: what was expected (came: value)". */
function reasonOf(error: z.ZodError, root: unknown, prefix: string): string {
  const issue = error.issues[0];
  if (!issue) return `${prefix}: invalid`;
  const field = [prefix, ...issue.path.map(String)].filter((part) => part !== '').join('.');
  return `${field}: ${issue.message} (came: ${shown(valueAt(root, issue.path))})`;
}

function textField(raw: unknown, key: string): string | null {
  const value = valueAt(raw, [key]);
  return typeof value === 'string' && value.length <= 256 && isStorableText(value) ? value : null;
}

/** The name under which an event's (source, id) is deduplicated: nobody can take another source's ids. */
export function storedSource(tokenSource: string, eventSource: string): string {
  return eventSource === tokenSource ? tokenSource : `${tokenSource}:${eventSource}`;
}

interface Read {
  event: CloudEvent;
  observedAt: Millis;
}

const acceptsEnvelope = acceptsSurely(envelopeSchema.omit({ time: true }));
const acceptsData = new Map(
  Object.entries(observationSchemas).map(([kind, schema]) => [kind, acceptsSurely(schema)]),
);

/** Most events need no more than this; undefined for one that must be looked at closely. */
function readPlainly(raw: unknown): Read | undefined {
  if (!acceptsEnvelope(raw)) return undefined;
  const event = raw as CloudEvent;
  const observedAt = typeof event.time === 'string' ? readInstant(event.time) : '';
  if (typeof observedAt === 'string' || acceptsData.get(event.type)?.(event.data) !== true) return undefined;
  return { event, observedAt };
}

/** By the schemas themselves. @returns what is wrong, where something is */
function readClosely(raw: unknown): Read | string {
  const envelope = envelopeSchema.safeParse(raw);
  if (!envelope.success) return reasonOf(envelope.error, raw, '');
  const event = envelope.data;
  const schema = dataSchemaOf(event.type);
  if (!schema) return `type: "${event.type}" is not a kind this centre knows; see /api/docs`;
  const data = schema.safeParse(event.data);
  if (!data.success) return reasonOf(data.error, event.data, 'data');
  return { event, observedAt: parseInstant(event.time) };
}

/** A screen's own agent speaks of that screen, and says that it is alive; of nothing else. */
function ofOtherScreen(event: CloudEvent, { id, screen }: CheckContext['source']): string | undefined {
  if (screen === undefined || screen === null || event.type === 'heartbeat') return undefined;
  if (event.type !== 'screen.captured')
    return `type: source "${id}" may send screen.captured and heartbeat, not ${event.type}`;
  const named = (event.data as { screen: string }).screen;
  if (named === screen) return undefined;
  return `data.screen: source "${id}" may send screen "${screen}" alone, not ${shown(named)}`;
}

/**
 * Checks one event: the envelope, its data against the schema of its kind, its time and its region.
 * Pure: nothing is read or stored.
 * @returns the row to store, or the reason with field, value and what was expected
 */
export function checkEvent(raw: unknown, context: CheckContext): Checked {
  const refuse = (reason: string): Checked => {
    return { ok: false, id: textField(raw, 'id'), kind: textField(raw, 'type'), reason };
  };

  if (isTooDeep(raw)) return refuse(`the event is nested deeper than ${MAX_DEPTH} levels`);
  const read = readPlainly(raw) ?? readClosely(raw);
  if (typeof read === 'string') return refuse(read);
  const { event, observedAt } = read;
  const named = event.data as { region: string; caseNo?: string; complaint?: string };
  const { region } = named;

  if (!context.isRegion(region)) return refuse(`data.region: ${region} is not a region of this centre`);
  if (!inScope(context.source.region, region)) {
    return refuse(
      `data.region: source "${context.source.id}" may report ${context.source.region} and below, not ${region}`,
    );
  }
  const strange = ofOtherScreen(event, context.source);
  if (strange !== undefined) return refuse(strange);
  if (observedAt > context.receivedAt + context.maxAheadMs) {
    const minutes = Math.round((observedAt - context.receivedAt) / 60_000);
    return refuse(
      `time: ${event.time} lies ${minutes} minutes ahead of the centre's clock; expected at most ${context.maxAheadMs / 60_000}`,
    );
  }
  return {
    ok: true,
    row: {
      source: storedSource(context.source.id, event.source),
      id: event.id,
      kind: event.type,
      region,
      caseId: isCaseEvent(event.type) ? (caseOfEvent(named)?.caseId ?? null) : null,
      observedAt,
      receivedAt: context.receivedAt,
      data: JSON.stringify(event.data),
    },
  };
}
