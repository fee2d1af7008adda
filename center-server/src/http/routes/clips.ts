import {
  clipOrdersSchema,
  clipReportSchema,
  identifierSchema,
  inScope,
  newClipSchema,
  textSchema,
  type Clip,
  type ClipManifest,
  type Role,
} from '@mingjing/contracts';
import { z } from 'zod';
import { appendAudit } from '../../audit/appendAudit.ts';
import { maySee, type Viewer } from '../../auth/viewer.ts';
import { signTicket } from '../../auth/tickets.ts';
import { clipSchema, signedClipManifestSchema } from '../../openapi/clipSchemas.ts';
import { scopePattern } from '../../read/scope.ts';
import { clipOrders } from '../../store/clips/clipOrders.ts';
import { endClip } from '../../store/clips/endClip.ts';
import { getManifest } from '../../store/clips/getManifest.ts';
import { insertClip } from '../../store/clips/insertClip.ts';
import { getClip, listClips } from '../../store/clips/listClips.ts';
import { saveManifest, saveProgress } from '../../store/clips/saveReport.ts';
import { inTransaction, type Queryable } from '../../store/database.ts';
import { regionQuery } from '../params.ts';
import { wrong } from '../place.ts';
import { ProblemError } from '../problems.ts';
import { ADMINISTRATORS, forRoles, forSources, WATCHERS, type Route } from '../route.ts';

/** Whoever answers for a case takes evidence. */
const TAKERS: readonly Role[] = ['inspector', 'supervisor', 'administrator'];
/** A longer one is exported in parts. */
const LONGEST_MS = 2 * 3_600_000;
/** A camera's clock may be a little ahead. */
const AHEAD_MS = 60_000;
/** How long the address of a film may be used. */
const FETCH_WITHIN_MS = 5 * 60_000;

const clipParams = z.strictObject({ id: z.uuid() });

/** @throws ProblemError not-found, also for a clip of another region */
async function ownClip(db: Queryable, viewer: Viewer, id: string): Promise<Clip> {
  const clip = await getClip(db, id);
  if (!clip || !maySee(viewer, clip.region)) throw new ProblemError('not-found', `there is no clip ${id}`);
  return clip;
}

/** @throws ProblemError naming the field */
async function cameraOf(
  db: Queryable,
  viewer: Viewer,
  id: string,
): Promise<{ name: string; region: string }> {
  const found = await db.query<{ name: string; region: string }>(
    'SELECT name, region FROM camera WHERE id = $1',
    [id],
  );
  const [camera] = found.rows;
  if (!camera || !maySee(viewer, camera.region))
    throw new ProblemError('not-found', `there is no camera "${id}"`);
  return camera;
}

export const clipRoutes: Route[] = [
  forRoles(WATCHERS, {
    method: 'get',
    path: '/api/clips',
    tag: 'Recordings',
    summary: 'Clips in scope, newest first; of one case where it is named.',
    query: regionQuery.extend({ caseId: identifierSchema.optional() }),
    success: { status: 200, schema: z.array(clipSchema) },
    handle: ({ deps, caller, query }) =>
      listClips(deps.pool, scopePattern(caller.viewer, query.region), query.caseId ?? null),
  }),
  forRoles(TAKERS, {
    method: 'post',
    path: '/api/clips',
    tag: 'Recordings',
    summary:
      'Cut a clip out of the recordings, as evidence: what it is cut from is kept as long as the clip.',
    body: newClipSchema,
    success: { status: 201, schema: clipSchema },
    async handle({ deps, caller: { viewer }, body }) {
      const at = Math.trunc(deps.now());
      if (body.to <= body.from) throw wrong('to', 'expected an instant after `from`');
      if (body.to - body.from > LONGEST_MS) throw wrong('to', 'expected at most 2 hours after `from`');
      if (body.to > at + AHEAD_MS) throw wrong('to', 'expected an instant that is over');
      const camera = await cameraOf(deps.pool, viewer, body.camera);
      return inTransaction(deps.pool, async (client) => {
        const id = await insertClip(client, body, camera, { by: viewer.name, at });
        const { from, to, reason, caseId } = body;
        await appendAudit(client, {
          ...{ at, actor: viewer.username, region: camera.region, action: 'clip.ordered', object: id },
          detail: { camera: body.camera, from, to, reason, caseId },
        });
        return ownClip(client, viewer, id);
      });
    },
  }),
  forRoles(WATCHERS, {
    method: 'get',
    path: '/api/clips/:id/manifest',
    tag: 'Recordings',
    summary: 'What a clip is, signed by the centre. `mingjing clip verify` checks it.',
    params: clipParams,
    success: { status: 200, schema: signedClipManifestSchema },
    async handle({ deps, response, caller: { viewer }, params: { id } }) {
      await ownClip(deps.pool, viewer, id);
      const signed = await getManifest(deps.pool, id);
      if (!signed) throw new ProblemError('not-found', `clip ${id} is not made yet`);
      response.attachment(`mingjing-${id}.json`);
      return signed;
    },
  }),
  forRoles(WATCHERS, {
    method: 'get',
    path: '/api/clips/:id/file',
    tag: 'Recordings',
    summary: 'The film of a clip: sends on to the media host.',
    params: clipParams,
    success: { status: 200, mediaType: 'video/mp4' },
    async handle({ deps, response, caller: { viewer, sessionId }, params: { id } }) {
      const clip = await ownClip(deps.pool, viewer, id);
      if (clip.state !== 'done') throw new ProblemError('not-found', `clip ${id} is not made yet`);
      const { centre } = deps.config;
      const at = Math.trunc(deps.now());
      const { username: user } = viewer;
      await inTransaction(deps.pool, (client) =>
        appendAudit(client, {
          ...{ at, actor: user, region: clip.region, action: 'clip.fetched', object: id },
          detail: { camera: clip.camera },
        }),
      );
      const claims = { user, region: clip.region, session: sessionId, expiresAt: at + FETCH_WITHIN_MS };
      const address = new URL(`/clip/${id}`, centre.mediaPublicUrl ?? centre.mediaUrl);
      address.searchParams.set('ticket', signTicket(centre.ticketKey, claims));
      response.redirect(302, address.href);
      return undefined;
    },
  }),
  forRoles(ADMINISTRATORS, {
    method: 'post',
    path: '/api/clips/:id/end',
    tag: 'Recordings',
    summary:
      'End a clip: its film is deleted, and what it was cut from is kept no longer than other recordings.',
    params: clipParams,
    body: z.strictObject({ reason: textSchema.min(1) }),
    success: { status: 200, schema: clipSchema },
    async handle({ deps, caller: { viewer }, params: { id }, body: { reason } }) {
      const clip = await ownClip(deps.pool, viewer, id);
      const at = Math.trunc(deps.now());
      await inTransaction(deps.pool, async (client) => {
        if (!(await endClip(client, id, viewer.name, at)))
          throw new ProblemError('conflict', `clip ${id} was ended meanwhile`);
        const { camera, from, to } = clip;
        await appendAudit(client, {
          ...{ at, actor: viewer.username, region: clip.region, action: 'clip.ended', object: id },
          detail: { reason, camera, from, to, sha256: clip.sha256 },
        });
      });
      return clip;
    },
  }),
  forSources(['media'], {
    method: 'get',
    path: '/api/service/clips',
    tag: 'Services',
    summary: 'Which clips a media host is to cut, and which films it is to delete.',
    success: { status: 200, schema: clipOrdersSchema },
    handle: ({ deps, caller: { source } }) => clipOrders(deps.pool, source.region),
  }),
  forSources(['media'], {
    method: 'post',
    path: '/api/service/clips/:id',
    tag: 'Services',
    summary: 'How far a media host is with a clip. What is done is signed.',
    params: clipParams,
    body: clipReportSchema,
    success: { status: 200, schema: z.strictObject({ taken: z.boolean() }) },
    async handle({ deps, caller: { source }, params: { id }, body }) {
      const clip = await getClip(deps.pool, id);
      if (!clip || !inScope(source.region, clip.region))
        throw new ProblemError('not-found', `there is no clip ${id} in ${source.region}`);
      if (body.state !== 'done') return { taken: await saveProgress(deps.pool, id, body.state, body) };
      const { camera, cameraName, region, from, to, reason, caseId, by, at } = clip;
      const { file, segments, gaps } = body;
      const facts: ClipManifest['clip'] = {
        id,
        camera,
        cameraName,
        region,
        from,
        to,
        reason,
        caseId,
        by,
        at,
      };
      const signed = deps.clipSigner.sign({ clip: facts, file, segments, gaps });
      return { taken: await saveManifest(deps.pool, id, signed) };
    },
  }),
];
