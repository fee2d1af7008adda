import { regionPrefix, type Millis, type Sentence } from '@mingjing/contracts';
import { evaluate, type EngineChange } from '@mingjing/rules';
import { dueCameras } from '../store/cameras/dueCameras.ts';
import { goneCameraAlerts } from '../store/cameras/goneCameraAlerts.ts';
import { judgedCameras, type JudgedCamera } from '../store/cameras/judgedCameras.ts';
import { saveCameraLooks, type CameraLook } from '../store/cameras/saveCameraLooks.ts';
import { inTransaction, type Client } from '../store/database.ts';
import { silentTellers } from '../store/sources/silentTellers.ts';
import { applyChanges } from './applyChanges.ts';
import { noEffects, type Effects } from './effects.ts';
import type { ToldCamera } from './foldCameras.ts';
import { lockPipeline } from './freshen.ts';
import type { StepDeps } from './step.ts';

/** Cameras that are looked at in one step. */
const CHUNK = 500;
/** A camera whose region is not known (any more) is looked at again so much later. */
const AGAIN_MS = 60_000;

const REMOVED: Sentence = { zh: '摄像机已移除。', en: 'The camera was removed.' };

/** The sources that are silent, and what the regions begin with whose media host is. */
async function whoIsSilent(client: Client, now: Millis): Promise<{ quiet: string[]; hosts: string[] }> {
  const silent = await silentTellers(client, now);
  const hosts = silent.filter(({ kind }) => kind === 'media').map(({ region }) => regionPrefix(region));
  return { quiet: silent.map(({ id }) => id), hosts };
}

/** What rules say of cameras, and when they are to be looked at again. */
async function judgeCameras(
  { directory, rules, now }: StepDeps,
  client: Client,
  ids: string[],
): Promise<EngineChange[]> {
  const [at, ruleset, calendars] = [now(), rules.ruleset(), rules.calendars()];
  const { quiet, hosts } = await whoIsSilent(client, at);
  const looks: CameraLook[] = [];
  const isSilent = ({ sources, region }: JudgedCamera): boolean =>
    sources.some((source) => quiet.includes(source)) || hosts.some((host) => region.startsWith(host));
  const changes = (await judgedCameras(client, ids)).flatMap((one) => {
    const { camera, revision, seen, standing, closed } = one;
    const region = directory.region(one.region);
    if (!region) {
      looks.push({ camera: camera.id, revision, at: at + AGAIN_MS });
      return [];
    }
    const silent = isSilent(one);
    const told = evaluate(
      {
        ...{ type: 'camera', at, camera, region, hall: directory.hall(camera.hall), calendars },
        ...{ seen, silent, standing, closed },
      },
      ruleset,
    );
    const look = told.find((change) => change.type === 'camera.look');
    // Whatever it missed is looked at once somebody is heard again.
    looks.push({ camera: camera.id, revision, at: silent ? at : (look?.at ?? null) });
    return told;
  });
  await saveCameraLooks(client, looks);
  return changes;
}

/** Judges the cameras that a batch tells of, inside its transaction. @returns the ids of the alerts that changed */
export async function settleCameras(deps: StepDeps, client: Client, told: ToldCamera[]): Promise<number[]> {
  if (told.length === 0) return [];
  const now = deps.now();
  const late = told.filter((one) => one.late);
  await saveCameraLooks(
    client,
    late.map(({ camera }) => ({ camera, revision: null, at: now })),
  );
  const ids = told.filter((one) => !one.late).map(({ camera }) => camera);
  return applyChanges(client, await judgeCameras(deps, client, ids), now);
}

/**
 * Looks at the cameras that are due by time or were changed, and takes back what stands on those that were removed.
 * @returns null when there was nothing to do
 */
export async function stepCameras(deps: StepDeps): Promise<Effects | null> {
  return inTransaction(deps.pool, async (client) => {
    await lockPipeline(deps, client);
    const now = deps.now();
    const { quiet, hosts } = await whoIsSilent(client, now);
    const behind = deps.catchUp.behind(now);
    const due = await dueCameras(client, now, { quiet: [...quiet, ...behind], hosts }, CHUNK);
    const gone = (await goneCameraAlerts(client)).map((fingerprint): EngineChange => ({
      ...{ type: 'alert.rescinded', fingerprint, at: now, reason: REMOVED },
    }));
    if (due.length === 0 && gone.length === 0) return null;
    const changes = [...gone, ...(await judgeCameras(deps, client, due))];
    const alerts = await applyChanges(client, changes, now);
    return { ...noEffects(), alerts, figures: alerts.length > 0 };
  });
}
