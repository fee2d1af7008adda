import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { messageOf } from '../outbox/index.ts';
import { mappingSchema, type Mapping } from './schema.ts';

/** A mapping file that cannot be used; the message names the file, the line, the key and what was expected. */
export class MappingError extends Error {
  override name = 'MappingError';
}

const SHIPPED = new URL('../../mappings/', import.meta.url);

/** The line of the innermost part of `path` that stands in the document. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const parent: unknown = document.getIn(path.slice(0, depth - 1), true) ?? document.contents;
    const items =
      typeof parent === 'object' && parent !== null && 'items' in parent ? (parent.items as unknown[]) : [];
    for (const item of items) {
      const key = (item as { key?: { value?: unknown; range?: [number, number, number] } }).key;
      if (key?.range && key.value === path[depth - 1]) return lines.linePos(key.range[0]).line;
    }
  }
  return 1;
}

/** The issue itself, or the one of a union's branch that came furthest: it says more than "invalid input". */
function deepest(issue: z.core.$ZodIssue): { path: PropertyKey[]; issue: z.core.$ZodIssue } {
  if (issue.code !== 'invalid_union') return { path: issue.path, issue };
  const inner = issue.errors
    .flat()
    .map(deepest)
    .sort((a, b) => b.path.length - a.path.length)[0];
  return inner && inner.path.length > 0
    ? { ...inner, path: [...issue.path, ...inner.path] }
    : { path: issue.path, issue };
}

/**
 * Reads a mapping from its text.
 * @param file what to call it in messages
 * @throws MappingError at the first unknown key or wrong value, naming its line
 */
export function parseMapping(text: string, file: string): Mapping {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const broken = document.errors[0];
  if (broken) throw new MappingError(`${file}: ${broken.message}`);
  const parsed = mappingSchema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  const first = parsed.error.issues[0];
  if (!first) throw new MappingError(`${file}: cannot be read`);
  const { path, issue } = deepest(first);
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const full = unknown === undefined ? path : [...path, unknown];
  const what = unknown === undefined ? issue.message : 'unknown key';
  throw new MappingError(
    `${file} line ${lineOf(document, lines, full)}: ${full.map(String).join('.')}: ${what}`,
  );
}

/** Reads a mapping file. @throws MappingError */
export function loadMapping(file: string): Mapping {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new MappingError(`mapping ${file}: ${messageOf(error)}`);
  }
  return parseMapping(text, file);
}

/** The mappings that come with the collectors (collectors/mappings/), in the order of their file names. */
export function shippedMappings(): Mapping[] {
  const folder = SHIPPED.pathname;
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return files.sort().map((name) => loadMapping(join(folder, name)));
}
