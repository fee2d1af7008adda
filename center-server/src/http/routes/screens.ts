import { screenSchema } from '@mingjing/contracts';
import { z } from 'zod';
import { maySee } from '../../auth/viewer.ts';
import { getScreen } from '../../store/screens/getScreen.ts';
import { listScreens } from '../../store/screens/listScreens.ts';
import { showedPicture } from '../../store/screens/showedPicture.ts';
import type { AppDeps } from '../deps.ts';
import { instantOf, nameParams } from '../params.ts';
import { ProblemError } from '../problems.ts';
import { imageType } from './imageType.ts';
import { forRoles, forSources, WATCHERS, type Route } from '../route.ts';

const sha256Query = z.strictObject({
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hex digits')
    .optional(),
  /** When it was shown, as the screen's history says. */
  at: z.string().optional(),
});

/** How long a picture may be fetched after the screen showed it without saying when that was. */
const RECENT_MS = 24 * 3_600_000;

/** The picture that may be shown: asked for and shown by this screen at that time or lately, or its last one. */
async function pictureOf(
  deps: AppDeps,
  screen: { id: string; region: string; sha256: string | null },
  asked: string | undefined,
  at: number | undefined,
): Promise<string | null> {
  if (asked === undefined || asked === screen.sha256) return screen.sha256;
  const to = deps.now() + 3_600_000;
  const span = at === undefined ? { from: to - RECENT_MS, to } : { from: at - 1, to: at + 1 };
  const shown = await showedPicture(deps.pool, screen, asked, span);
  return shown ? asked : null;
}

export const screenRoutes: Route[] = [
  forRoles(WATCHERS, {
    method: 'get',
    path: '/api/screens/:id/image',
    unattended: true,
    tag: 'Wall',
    summary:
      'The picture that a counter screen showed last, or the one of a SHA-256 it showed in the last day or at a time.',
    params: nameParams,
    query: sha256Query,
    success: { status: 200, mediaType: 'image/*' },
    async handle({ deps, caller, params: { id }, query, response }) {
      const screen = await getScreen(deps.pool, id);
      if (!screen || !maySee(caller.viewer, screen.region))
        throw new ProblemError('not-found', `there is no screen "${id}"`);
      const sha256 = await pictureOf(deps, { id, ...screen }, query.sha256, instantOf('at', query.at));
      const bytes = sha256 === null ? undefined : await deps.blobs.get(sha256);
      if (!bytes) throw new ProblemError('not-found', `screen "${id}" has no such picture`);
      const lasting = query.sha256 === undefined ? 'no-cache' : 'max-age=86400, immutable';
      response.setHeader('Cache-Control', `private, ${lasting}`);
      response.type(imageType(bytes)).send(bytes);
    },
  }),
  forSources(['media', 'collectors'], {
    method: 'get',
    path: '/api/service/screens',
    tag: 'Services',
    summary: 'Counter screens whose page the collectors open, with its address.',
    success: { status: 200, schema: z.array(screenSchema) },
    handle: ({ deps, caller }) => listScreens(deps.pool, caller.source.region),
  }),
];
