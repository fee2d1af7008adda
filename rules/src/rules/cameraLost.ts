import type { Millis, Sentence } from '@mingjing/contracts';
import type { CameraInput, PictureRun } from '../model.ts';
import { cameraRule, type Verdict } from '../rule.ts';
import { lengthWords, momentWords } from '../words/moments.ts';
import { outageAt, type Outage, type Stretch } from './outage.ts';
import { dueFrom, workplaceOf } from './workplace.ts';

const MINUTE_MS = 60_000;
type LostRun = PictureRun & Stretch;

const IS: Record<PictureRun['picture'], Stretch['is']> = {
  live: 'well',
  lost: 'wrong',
  off: 'unknown',
  unknown: 'unknown',
};
const BACK: Sentence = { zh: '画面已恢复。', en: 'The picture is back.' };
export const OUT_OF_USE: Sentence = { zh: '摄像机已停用。', en: 'The camera was taken out of use.' };

/** Whether its hours count: the hall's, unless it is recorded day and night, hangs outside, or all hours are to count. */
function keepsHours({ camera, hall }: CameraInput, everyHour: number): boolean {
  return everyHour < 1 && camera.recording !== 'continuous' && hall !== null;
}

/** Why there is no picture, as the media host says. */
function whyOf({ state, attempt, reason }: PictureRun): Sentence {
  const tried = attempt !== null && attempt > 0;
  const what =
    state === 'frozen'
      ? { zh: '画面停止', en: 'the picture stands still' }
      : tried
        ? { zh: `已连接失败 ${attempt} 次`, en: `${attempt} failed ${attempt === 1 ? 'try' : 'tries'}` }
        : { zh: '连接不上', en: 'it cannot be reached' };
  const because = reason === null ? null : reason.replace(/[。.\s]+$/, '').slice(0, 300);
  return because === null
    ? what
    : { zh: `${what.zh}，原因：${because}`, en: `${what.en}; the reason: ${because}` };
}

function tell(
  input: CameraInput,
  { from, last }: Outage<LostRun>,
  { minutes, hours }: { minutes: number; hours: boolean },
): { title: Sentence; reason: Sentence } {
  const { name } = input.camera;
  const since = momentWords(workplaceOf(input).zone, from, input.at);
  const length = lengthWords(minutes * MINUTE_MS);
  const open = hours ? { zh: '（按大厅开放时间计）', en: ' of opening hours' } : { zh: '', en: '' };
  const why = whyOf(last);
  return {
    title: { zh: `${name} 视频中断`, en: `${name}: no picture` },
    reason: {
      zh: `摄像机“${name}”自${since.zh} 起没有画面，已超过 ${length.zh}${open.zh}：${why.zh}。`,
      en: `There is no picture of “${name}” since ${since.en}, for more than ${length.en}${open.en}: ${why.en}.`,
    },
  };
}

function verdictOf(
  input: CameraInput,
  { minutes, steady, everyHour }: { minutes: number; steady: number; everyHour: number },
): Verdict {
  const { camera, seen, at, silent } = input;
  const now = seen?.picture.findLast(({ from }) => from <= at) ?? null;
  const values = {
    ...{ state: now?.state ?? null, stateSince: now?.stateSince ?? null, attempt: now?.attempt ?? null },
    ...{ reason: now?.reason ?? null, recording: camera.recording, disabled: camera.disabled, silent },
  };
  if (camera.disabled) return { outcome: 'pass', values, settled: OUT_OF_USE };
  if (silent) return { outcome: 'not-evaluated', values, missing: 'whoever tells of it' };
  const hours = keepsHours(input, everyHour);
  const longEnough = (from: Millis): Millis =>
    hours ? (dueFrom(input, from, { workingHours: minutes / 60 }) ?? Infinity) : from + minutes * MINUTE_MS;
  const runs = (seen?.picture ?? []).map((run): LostRun => ({ ...run, is: IS[run.picture] }));
  const { outage, lookAt } = outageAt(runs, at, { longEnough, steadyMs: steady * 1000 });
  const told = { ...values, lostFrom: outage?.from ?? null };
  if (outage && outage.toldFrom !== null) {
    const describe = (): ReturnType<typeof tell> => tell(input, outage, { minutes, hours });
    const finding = { kind: 'silent' as const, key: '', at: outage.from, describe };
    return { outcome: 'fail', values: told, findings: [finding], lookAt };
  }
  if (now?.picture === 'live' || now?.picture === 'lost')
    return { outcome: 'pass', values: told, lookAt, ...(now.picture === 'live' && { settled: BACK }) };
  const missing = 'somebody who watches or records it';
  return { outcome: 'not-evaluated', values: told, missing, groundless: true, lookAt };
}

/** 视频中断: a camera that somebody wants to see, or that is recorded, has had no picture for too long. */
export const cameraLost = cameraRule({
  id: 'camera-lost',
  version: 1,
  name: { zh: '视频中断', en: 'No picture' },
  basis: {
    zh: '惯例，非法定：窗口音视频监察应当连续、完整；没有画面不等于一切正常。',
    en: 'Custom, not law: the pictures of counters must be continuous and complete; no picture is not “all well”.',
  },
  looksAt: {
    zh: '有人观看或正在录像的摄像机，画面停止、重连或连接失败是否持续超过规定时间。时断时续算同一次中断；画面稳定恢复后自动撤销。全天录像的、不在大厅内的摄像机全天计时，其他的只计大厅开放时间。摄像机停用即撤销。',
    en: 'Whether the picture of a camera that is watched or recorded has stood still, or could not be fetched, for longer than allowed. What comes and goes is one outage; it is taken back once the picture is steadily there again. A camera that is recorded day and night, or hangs in no hall, counts at all hours; any other in the opening hours of its hall. Taken back when the camera is taken out of use.',
  },
  cannotTell: {
    zh: '没有人观看、也没有录像的摄像机：画面停着，什么也不知道，已有的告警保留到再看到画面。媒体主机或采集器静默期间不判断。',
    en: 'A camera that nobody watches or records: it is stopped, and nothing is known of it; what was told stays until its picture is seen again. And while the media host or the collector is silent.',
  },
  parameters: {
    minutes: {
      meaning: { zh: '没有画面多少分钟才告警', en: 'Minutes without a picture that are let pass' },
      unit: 'minutes',
      default: 5,
      minimum: 1,
      maximum: 1440,
    },
    steady: {
      meaning: {
        zh: '画面恢复多少秒后才算恢复',
        en: 'Seconds for which the picture must be back before the outage is over',
      },
      unit: 'seconds',
      default: 60,
      minimum: 0,
      maximum: 3600,
    },
    everyHour: {
      meaning: {
        zh: '大厅关闭时间是否也计：0 只有全天录像的摄像机计，1 所有摄像机都计',
        en: 'Whether hours in which the hall is closed count: 0 for cameras recorded day and night only, 1 for all',
      },
      unit: 'choice',
      default: 0,
      minimum: 0,
      maximum: 1,
    },
  },
  evaluate: verdictOf,
});
