import {
  cameraTestRequestSchema,
  cameraTestSchema,
  discoveryRequestSchema,
  discoverySchema,
  ptzActionsSchema,
  regionPrefix,
  type CameraTestRequest,
  type Discovery,
} from '@mingjing/contracts';
import { z } from 'zod';
import { appendAudit, recordAudit } from '../../audit/appendAudit.ts';
import { maySee, type Viewer } from '../../auth/viewer.ts';
import { isAtHome } from '../../cameras/changeCamera.ts';
import { askMediaHost } from '../../cameras/mediaHost.ts';
import { hostsOf, withoutPasswords } from '../../cameras/passwords.ts';
import { withKeptKeys } from '../../cameras/pushKeys.ts';
import { opened } from '../../cameras/settle.ts';
import { listCameras } from '../../store/cameras/listCameras.ts';
import { findCamera } from '../../store/cameras/lockCamera.ts';
import { inTransaction } from '../../store/database.ts';
import { checkCameraAddresses } from '../addresses.ts';
import type { AppDeps } from '../deps.ts';
import { checkOwnRegion, wrong } from '../place.ts';
import { ADMINISTRATORS, forRoles, forSources, type Route } from '../route.ts';

/** Signs in as a camera that is known does, where the addresses are its own. */
async function withKept(
  deps: AppDeps,
  viewer: Viewer,
  request: CameraTestRequest,
): Promise<CameraTestRequest> {
  const { camera, ...wish } = withoutPasswords(request);
  if (camera === undefined) return wish;
  const row = await findCamera(deps.pool, camera);
  if (!row || !maySee(viewer, row.region)) throw wrong('camera', `there is no camera "${camera}"`);
  const keyed = withKeptKeys(deps.vault, wish, row);
  if (!row.credentials || wish.credentials !== undefined) return keyed;
  if (!isAtHome(row, wish)) {
    throw wrong('credentials', 'the address has another host now; expected user name and password again');
  }
  return { ...keyed, credentials: opened(deps.vault, row).camera.credentials };
}

/** Names the cameras that are known already, by host. */
async function recognised(deps: AppDeps, viewer: Viewer, discovery: Discovery): Promise<Discovery> {
  const rows = await listCameras(deps.pool, viewer.region);
  const known = new Map(rows.flatMap((row) => [...hostsOf(row)].map((host) => [host, row.id] as const)));
  const byService = new Map(rows.flatMap((row) => (row.onvif ? [[row.onvif, row.id] as const] : [])));
  const found = discovery.found.map((one) => ({
    ...one,
    known: byService.get(one.onvif) ?? (one.host === '127.0.0.1' ? null : (known.get(one.host) ?? null)),
  }));
  return { ...discovery, found };
}

export const cameraTrialRoutes: Route[] = [
  forRoles(ADMINISTRATORS, {
    method: 'post',
    path: '/api/admin/cameras/test',
    tag: 'Administration',
    summary: 'Try a camera before it is saved: what it sends, how browsers will get it, and a picture.',
    body: cameraTestRequestSchema,
    success: { status: 200, schema: cameraTestSchema },
    async handle({ deps, caller, body }) {
      const { viewer } = caller;
      await checkOwnRegion(deps.pool, viewer, body.region);
      const request = await withKept(deps, viewer, body);
      await checkCameraAddresses(request, deps.config.centre);
      await recordAudit(deps.pool, {
        ...{ at: deps.now(), actor: viewer.username, region: body.region, action: 'camera.tested' },
        ...(body.camera === undefined ? {} : { object: body.camera }),
        detail: { source: request.source.kind, hosts: [...hostsOf(request)] },
      });
      const asked = {
        method: 'POST',
        path: '/cameras/test',
        body: request,
        schema: cameraTestSchema,
      } as const;
      return askMediaHost(deps, caller, asked);
    },
  }),
  forRoles(ADMINISTRATORS, {
    method: 'post',
    path: '/api/admin/cameras/discovery',
    tag: 'Administration',
    summary:
      'Look for ONVIF cameras on the network of the media host. What was found is asked for again and again.',
    body: discoveryRequestSchema,
    success: { status: 201, schema: discoverySchema },
    async handle({ deps, caller, body }) {
      const { viewer } = caller;
      await checkOwnRegion(deps.pool, viewer, body.region);
      await recordAudit(deps.pool, {
        ...{ at: deps.now(), actor: viewer.username, region: body.region, action: 'camera.searched' },
        detail: { addresses: body.addresses?.length ?? 0, credentials: Boolean(body.credentials) },
      });
      const asked = { method: 'POST', path: '/cameras/discovery', body, schema: discoverySchema } as const;
      return askMediaHost(deps, caller, asked);
    },
  }),
  forRoles(ADMINISTRATORS, {
    method: 'get',
    path: '/api/admin/cameras/discovery/:id',
    tag: 'Administration',
    summary: 'What a search has found so far. Only for whoever began it.',
    params: z.strictObject({ id: z.uuid() }),
    success: { status: 200, schema: discoverySchema },
    async handle({ deps, caller, params: { id } }) {
      const asked = { method: 'GET', path: `/cameras/discovery/${id}`, schema: discoverySchema } as const;
      return recognised(deps, caller.viewer, await askMediaHost(deps, caller, asked));
    },
  }),
  forSources(['media'], {
    method: 'post',
    path: '/api/service/ptz',
    tag: 'Services',
    summary: 'Who steered which camera, for the audit log.',
    body: ptzActionsSchema,
    success: { status: 200, schema: z.strictObject({}) },
    async handle({ deps, caller: { source }, body }) {
      await inTransaction(deps.pool, async (client) => {
        for (const { camera, user, action, detail, at } of body.actions) {
          const row = await findCamera(client, camera);
          // One that is gone, or none of this media host's: nobody's region could read the line.
          if (!row?.region.startsWith(regionPrefix(source.region))) continue;
          await appendAudit(client, {
            ...{ at, actor: user, region: row.region, action: `camera.${action}`, object: camera },
            ...(detail === undefined ? {} : { detail: { command: detail } }),
          });
        }
      });
      return {};
    },
  }),
];
