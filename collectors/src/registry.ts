import { csv } from './kinds/csv.ts';
import { httpPush } from './kinds/http-push.ts';
import type { Kind } from './kinds/kind.ts';
import { screen } from './kinds/screen.ts';
import { video } from './kinds/video.ts';
import { xes } from './kinds/xes.ts';

/** Every kind of source that can be collected from. Adding one is one file and one line here. */
const KINDS: readonly Kind[] = [xes, csv, httpPush, screen, video];

/** A kind by its name; undefined for one that nobody knows. */
export function kindOf(name: string): Kind | undefined {
  return KINDS.find((kind) => kind.name === name);
}

/** The names of all kinds. */
export function kindNames(): string[] {
  return KINDS.map(({ name }) => name);
}
