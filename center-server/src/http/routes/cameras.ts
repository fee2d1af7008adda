import {
  adminCameraSchema,
  cameraChangeSchema,
  cameraSchema,
  identifierSchema,
  newCameraSchema,
  type PushAccess,
} from '@mingjing/contracts';
import { z } from 'zod';
import { appendAudit } from '../../audit/appendAudit.ts';
import { maySee, type Viewer } from '../../auth/viewer.ts';
import { toAdminCamera, toServiceCamera } from '../../cameras/adminCamera.ts';
import { changeCamera, changedFields } from '../../cameras/changeCamera.ts';
import { withoutPasswords } from '../../cameras/passwords.ts';
import { withKeys } from '../../cameras/pushKeys.ts';
import { cameraTileSchema } from '../../openapi/wallSchemas.ts';
import { noEffects } from '../../pipeline/effects.ts';
import { scopePattern } from '../../read/scope.ts';
import { cameraTiles } from '../../read/tiles.ts';
import type { CameraRow } from '../../store/cameras/cameraRow.ts';
import { insertCamera } from '../../store/cameras/insertCamera.ts';
import { listCameras } from '../../store/cameras/listCameras.ts';
import { lockCamera } from '../../store/cameras/lockCamera.ts';
import { deleteCamera, updateCamera } from '../../store/cameras/updateCamera.ts';
import { inTransaction, type Client } from '../../store/database.ts';
import { checkCameraAddresses } from '../addresses.ts';
import type { AppDeps } from '../deps.ts';
import { regionQuery } from '../params.ts';
import { checkPlace } from '../place.ts';
import { ProblemError } from '../problems.ts';
import { ADMINISTRATORS, forRoles, forSources, WATCHERS, type Route } from '../route.ts';

const byId = z.strictObject({ id: identifierSchema });

/** @throws ProblemError not-found, also for a camera of another region */
async function ownCamera(client: Client, viewer: Viewer, id: string): Promise<CameraRow> {
  const row = await lockCamera(client, id);
  if (!row || !maySee(viewer, row.region)) throw new ProblemError('not-found', `there is no camera "${id}"`);
  return row;
}

/** @throws ProblemError conflict when somebody changed it meanwhile */
function checkRevision(row: CameraRow, revision: number): void {
  if (row.revision === revision) return;
  throw new ProblemError('conflict', `the camera was changed meanwhile: it is at revision ${row.revision}`);
}

/** A camera that was changed, with the keys that were made for it: this answer is the only one that shows them. */
async function readBack({ vault }: AppDeps, client: Client, id: string, access: PushAccess[]) {
  const row = await lockCamera(client, id);
  if (!row) throw new Error(`camera ${id} is gone`);
  return { ...toAdminCamera(vault, row), ...(access.length === 0 ? {} : { pushAccess: access }) };
}

const administration: Route[] = [
  forRoles(ADMINISTRATORS, {
    method: 'get',
    path: '/api/admin/cameras',
    tag: 'Administration',
    summary: 'Cameras with their addresses, those out of use too; never their passwords.',
    success: { status: 200, schema: z.array(adminCameraSchema) },
    async handle({ deps, caller }) {
      const rows = await listCameras(deps.pool, caller.viewer.region);
      return rows.map((row) => toAdminCamera(deps.vault, row));
    },
  }),
  forRoles(ADMINISTRATORS, {
    method: 'post',
    path: '/api/admin/cameras',
    tag: 'Administration',
    summary:
      'Add a camera. A password, also one in an address, is kept encrypted and never shown again; so is the key of a ' +
      'stream that is pushed, which this answer shows once.',
    body: newCameraSchema,
    success: { status: 201, schema: adminCameraSchema },
    async handle({ deps, caller: { viewer }, body, response }) {
      await checkPlace(deps.pool, viewer, body);
      const { vault, config } = deps;
      const { camera, access } = withKeys(withoutPasswords(body), { vault, centre: config.centre });
      response.set('Cache-Control', 'no-store');
      await checkCameraAddresses(camera, deps.config.centre);
      const { region, id, credentials } = camera;
      const sealed = credentials ? deps.vault.seal(id, credentials) : null;
      const made = await inTransaction(deps.pool, async (client) => {
        if (!(await insertCamera(client, camera, sealed)))
          throw new ProblemError('conflict', `there is a camera "${id}"`);
        // The log names the kind of the address only, and whether there is a password.
        const detail = { name: camera.name, source: camera.source.kind, credentials: sealed !== null };
        const shown = await readBack(deps, client, id, access);
        await appendAudit(client, {
          ...{ at: deps.now(), actor: viewer.username, region, action: 'camera.added', object: id, detail },
        });
        return shown;
      });
      deps.hub.publish({ ...noEffects(), cameras: [id] });
      return made;
    },
  }),
  forRoles(ADMINISTRATORS, {
    method: 'patch',
    path: '/api/admin/cameras/:id',
    tag: 'Administration',
    summary:
      'Change a camera, or take it out of use; what is absent stays. Names the revision it was made from.',
    params: byId,
    body: cameraChangeSchema,
    success: { status: 200, schema: adminCameraSchema },
    async handle({ deps, caller: { viewer }, params: { id }, body, response }) {
      const { vault, config } = deps;
      response.set('Cache-Control', 'no-store');
      const { changed, region } = await inTransaction(deps.pool, async (client) => {
        const before = await ownCamera(client, viewer, id);
        checkRevision(before, body.revision);
        const wish = changeCamera(vault, before, body, deps.now());
        const renew = body.renewKeys ?? false;
        const { camera: after, access } = withKeys(wish, { vault, centre: config.centre, before, renew });
        await checkPlace(client, viewer, after);
        // One whose host is no more can still be taken out of use.
        if (after.disabledAt === null) await checkCameraAddresses(after, deps.config.centre);
        await updateCamera(client, after);
        const shown = await readBack(deps, client, id, access);
        await appendAudit(client, {
          ...{ at: deps.now(), actor: viewer.username, region: after.region, object: id },
          action: 'camera.changed',
          detail: { changed: changedFields(body), disabled: after.disabledAt !== null },
        });
        return { changed: shown, region: before.region };
      });
      deps.hub.publish({ ...noEffects(), cameras: [id], former: [{ kind: 'camera', id, region }] });
      return changed;
    },
  }),
  forRoles(ADMINISTRATORS, {
    method: 'delete',
    path: '/api/admin/cameras/:id',
    tag: 'Administration',
    summary: 'Remove a camera that is out of use. What was recorded of it stays for its time.',
    params: byId,
    success: { status: 204 },
    async handle({ deps, caller: { viewer }, params: { id } }) {
      await inTransaction(deps.pool, async (client) => {
        const row = await ownCamera(client, viewer, id);
        if (row.disabledAt === null)
          throw new ProblemError('conflict', `camera "${id}" is in use: take it out of use first`);
        await deleteCamera(client, id);
        await appendAudit(client, {
          ...{ at: deps.now(), actor: viewer.username, region: row.region, object: id },
          action: 'camera.removed',
          detail: { name: row.name },
        });
      });
    },
  }),
];

export const cameraRoutes: Route[] = [
  forRoles(WATCHERS, {
    method: 'get',
    path: '/api/cameras',
    tag: 'Wall',
    summary: 'Cameras in scope and what their streams do; never their addresses.',
    query: regionQuery,
    success: { status: 200, schema: z.array(cameraTileSchema) },
    handle: ({ deps, caller, query }) => cameraTiles(deps.pool, scopePattern(caller.viewer, query.region)),
  }),
  ...administration,
  forSources(['media'], {
    method: 'get',
    path: '/api/service/cameras',
    tag: 'Services',
    summary: 'Cameras with their addresses and what they are signed in at with, for the media host alone.',
    success: { status: 200, schema: z.array(cameraSchema) },
    async handle({ deps, caller, response }) {
      response.set('Cache-Control', 'no-store');
      const rows = await listCameras(deps.pool, caller.source.region);
      const inUse = rows.filter(({ disabledAt }) => disabledAt === null);
      return inUse.map((row) => toServiceCamera(deps.vault, row).camera);
    },
  }),
];
