import type { ObservationData } from '@mingjing/contracts';
import { allAt, at, textAt, type Xml } from './soap.ts';

export type CameraNews = Pick<ObservationData['camera.event'], 'topic' | 'state' | 'text'>;

/** Makers' names for the same, by the ONVIF topic's path. The first that fits. */
const TOPICS: readonly (readonly [RegExp, CameraNews['topic']])[] = [
  [/Tamper|GlobalSceneChange|ImageToo(Dark|Bright|Blurry)/i, 'tamper'],
  [/SignalLoss|VideoLoss|VideoLost/i, 'signal-loss'],
  [/Motion/i, 'motion'],
  [/DigitalInput|Trigger\/Relay/i, 'digital-input'],
  [/LineDetector|LineCross/i, 'line-crossing'],
  [/FieldDetector|Intrusion/i, 'intrusion'],
];
const STATES = /^(Is\w+|State|LogicalState|Value|Active)$/;

/** What a NotificationMessage says (ONVIF Core, event handling). `key` names what it is the state of. */
export function readNews(message: Xml): CameraNews & { key: string } {
  const path = textAt(message, 'Topic').trim().replaceAll(/\w+:/g, '');
  const inside = at(message, 'Message', 'Message');
  const items = (part: string) =>
    allAt(inside, part, 'SimpleItem').map((item) => [textAt(item, '@Name'), textAt(item, '@Value')] as const);
  const found = items('Data').find(([name, value]) => STATES.test(name) && /^(true|false|1|0)$/i.test(value));
  const topic = TOPICS.find(([pattern]) => pattern.test(path))?.[1] ?? 'other';
  const source = items('Source')
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
  const text = [path, source].filter((part) => part !== '').join(' ');
  const state = found === undefined ? null : /^(true|1)$/i.test(found[1]);
  return { topic, state, text: text.slice(0, 1000).toWellFormed() || 'event', key: `${path} ${source}` };
}
