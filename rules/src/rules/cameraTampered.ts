import type { Millis, Sentence } from '@mingjing/contracts';
import type { CameraAlarm, CameraInput, CameraSeen } from '../model.ts';
import { cameraRule, type Finding, type Verdict } from '../rule.ts';
import { momentWords } from '../words/moments.ts';
import { OUT_OF_USE } from './cameraLost.ts';
import { outageAt, type Outage, type Stretch } from './outage.ts';
import { workplaceOf } from './workplace.ts';

const MINUTE_MS = 60_000;
type Topic = keyof CameraSeen['alarms'];
type AlarmStretch = Stretch & { text: string };

const WHAT: Record<Topic, Sentence> = {
  tamper: { zh: '被遮挡或移动', en: 'covered or moved' },
  'signal-loss': { zh: '视频信号丢失', en: 'video signal lost' },
};
const OVER: Sentence = { zh: '摄像机报告已恢复。', en: 'The camera says that it is over.' };

/** When alarms were on. One that does not say when it is over lasts for a while. */
function stretchesOf(alarms: readonly CameraAlarm[], lastsMs: number): AlarmStretch[] {
  return alarms.flatMap(({ on, moment, from, text }, index): AlarmStretch[] => {
    const is = on ? 'wrong' : 'well';
    const end = from + lastsMs;
    const next = alarms[index + 1]?.from ?? Infinity;
    const isOver = moment && end < next;
    return [{ is, from, text }, ...(isOver ? [{ is: 'well' as const, from: end, text }] : [])];
  });
}

function tell(
  input: CameraInput,
  topic: Topic,
  { from, last }: Outage<AlarmStretch>,
): { title: Sentence; reason: Sentence } {
  const { name } = input.camera;
  const since = momentWords(workplaceOf(input).zone, from, input.at);
  const what = WHAT[topic];
  const text = last.text.slice(0, 300);
  return {
    title: { zh: `${name} ${what.zh}`, en: `${name}: ${what.en}` },
    reason: {
      zh: `摄像机“${name}”自${since.zh} 起报告${what.zh}（${text}）。`,
      en: `“${name}” says since ${since.en}: ${what.en} (${text}).`,
    },
  };
}

function verdictOf(
  input: CameraInput,
  { seconds, steady, lasts }: { seconds: number; steady: number; lasts: number },
): Verdict {
  const { camera, seen, at, silent } = input;
  const values = { disabled: camera.disabled, silent };
  if (camera.disabled) return { outcome: 'pass', values, settled: OUT_OF_USE };
  if (silent) return { outcome: 'not-evaluated', values, missing: 'whoever tells of it' };
  const heard = Object.entries(seen?.alarms ?? {}).filter(([, alarms]) => alarms.length > 0);
  if (heard.length === 0)
    return { outcome: 'not-evaluated', values, missing: 'an event of the camera', groundless: true };
  const bounds = { longEnough: (from: Millis) => from + seconds * 1000, steadyMs: steady * 1000 };
  let lookAt: Millis | null = null;
  const findings: Finding[] = [];
  const since: Record<string, Millis | null> = {};
  for (const [name, alarms] of heard) {
    const topic = name as Topic;
    const found = outageAt(stretchesOf(alarms, lasts * MINUTE_MS), at, bounds);
    if (found.lookAt !== null) lookAt = Math.min(lookAt ?? found.lookAt, found.lookAt);
    const { outage } = found;
    since[topic] = outage?.from ?? null;
    if (!outage || outage.toldFrom === null) continue;
    findings.push({
      kind: 'risk',
      key: topic,
      at: outage.from,
      describe: () => tell(input, topic, outage),
    });
  }
  const told = { ...values, ...since };
  if (findings.length === 0) return { outcome: 'pass', values: told, lookAt, settled: OVER };
  return { outcome: 'fail', values: told, findings, lookAt, settled: OVER };
}

/** 摄像机被遮挡或移动: the camera itself says that somebody interferes with it, or that it gets no signal. */
export const cameraTampered = cameraRule({
  id: 'camera-tampered',
  version: 1,
  name: { zh: '摄像机被遮挡或移动', en: 'Camera covered or moved' },
  basis: {
    zh: '惯例，非法定：窗口监察摄像机不得遮挡、移动或断开。',
    en: 'Custom, not law: the cameras of counters are not to be covered, moved or disconnected.',
  },
  looksAt: {
    zh: '摄像机经 ONVIF 报告的遮挡、移动、失焦、过暗、过亮（tamper）和视频信号丢失（signal-loss）。持续超过规定秒数即告警，摄像机报告恢复并稳定后自动撤销。',
    en: 'What a camera says by ONVIF: covered, moved, out of focus, too dark or too bright (tamper), and no video signal (signal-loss). Told when it lasts, and taken back once the camera says that it is over and that stays so.',
  },
  cannotTell: {
    zh: '没有报告过这类事件的摄像机；媒体主机静默期间。',
    en: 'A camera that never told of such a thing; and while the media host is silent.',
  },
  parameters: {
    seconds: {
      meaning: { zh: '持续多少秒才告警', en: 'Seconds that it must last' },
      unit: 'seconds',
      default: 10,
      minimum: 0,
      maximum: 3600,
    },
    steady: {
      meaning: { zh: '恢复多少秒后才算恢复', en: 'Seconds for which it must be over' },
      unit: 'seconds',
      default: 60,
      minimum: 0,
      maximum: 3600,
    },
    lasts: {
      meaning: {
        zh: '摄像机不报告何时结束的事件，按持续多少分钟计',
        en: 'Minutes for which an event counts of which the camera does not say when it is over',
      },
      unit: 'minutes',
      default: 10,
      minimum: 1,
      maximum: 1440,
    },
  },
  evaluate: verdictOf,
});
