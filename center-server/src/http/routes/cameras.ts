import { cameraSchema, newCameraSchema } from '@mingjing/contracts';
import { z } from 'zod';
import { appendAudit } from '../../audit/appendAudit.ts';
import { cameraTileSchema } from '../../openapi/wallSchemas.ts';
import { scopePattern } from '../../read/scope.ts';
import { cameraTiles } from '../../read/tiles.ts';
import { insertCamera } from '../../store/cameras/insertCamera.ts';
import { listCameras } from '../../store/cameras/listCameras.ts';
import { inTransaction } from '../../store/database.ts';
import { checkCameraSource } from '../addresses.ts';
import { regionQuery } from '../params.ts';
import { checkPlace } from '../place.ts';
import { ProblemError } from '../problems.ts';
import { ADMINISTRATORS, forRoles, forSources, WATCHERS, type Route } from '../route.ts';

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
  forRoles(ADMINISTRATORS, {
    method: 'get',
    path: '/api/admin/cameras',
    tag: 'Administration',
    summary: 'Cameras with their addresses.',
    success: { status: 200, schema: z.array(cameraSchema) },
    handle: ({ deps, caller }) => listCameras(deps.pool, caller.viewer.region),
  }),
  forRoles(ADMINISTRATORS, {
    method: 'post',
    path: '/api/admin/cameras',
    tag: 'Administration',
    summary: 'Add a camera.',
    body: newCameraSchema,
    success: { status: 201, schema: cameraSchema },
    async handle({ deps, caller: { viewer }, body }) {
      await checkPlace(deps.pool, viewer, body);
      await checkCameraSource(body.source, deps.config.centre);
      return inTransaction(deps.pool, async (client) => {
        if (!(await insertCamera(client, body)))
          throw new ProblemError('conflict', `there is a camera "${body.id}"`);
        // The address may hold the camera's password: the log names its kind only.
        const detail = { name: body.name, source: body.source.kind };
        const { region, id: object } = body;
        await appendAudit(client, {
          at: deps.now(),
          actor: viewer.username,
          region,
          action: 'camera.added',
          object,
          detail,
        });
        return body;
      });
    },
  }),
  forSources(['media', 'collectors'], {
    method: 'get',
    path: '/api/service/cameras',
    tag: 'Services',
    summary: 'Cameras with their addresses, for the media host.',
    success: { status: 200, schema: z.array(cameraSchema) },
    handle: ({ deps, caller }) => listCameras(deps.pool, caller.source.region),
  }),
];
