import { regionPrefix } from '@mingjing/contracts';
import type { Viewer } from '../auth/viewer.ts';
import { maySee } from '../auth/viewer.ts';
import { ProblemError } from '../http/problems.ts';

/**
 * What the codes of the regions that a viewer asks for begin with: the asked one's subtree, or all the viewer may see.
 * @throws ProblemError forbidden when the asked region lies outside the viewer's own
 */
export function scopePrefix(viewer: Viewer, asked?: string): string {
  if (asked !== undefined && !maySee(viewer, asked)) {
    throw new ProblemError('forbidden', `region ${asked} lies outside ${viewer.region}`);
  }
  return regionPrefix(asked ?? viewer.region);
}

/**
 * The LIKE pattern of the regions a viewer asks for: the asked one's subtree, or all the viewer may see.
 * @throws ProblemError forbidden when the asked region lies outside the viewer's own
 */
export function scopePattern(viewer: Viewer, asked?: string): string {
  return `${scopePrefix(viewer, asked)}%`;
}

/** Text to be found anywhere: LIKE's own signs mean themselves. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, String.raw`\$&`)}%`;
}
