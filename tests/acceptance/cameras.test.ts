import { afterEach, expect, test } from '@jest/globals';
import { failOnLeaks } from '../helpers/leaks.ts';
import { openStory, type Story } from '../helpers/story.ts';
import {
  cameraSays,
  dingzhou,
  happened,
  heartbeat,
  instant,
  mediaBeat,
  picture,
  risk,
  silent,
} from '../helpers/storyWords.ts';

failOnLeaks();

const LIMIT_MS = 60_000;
const CAMERA = 'zz-camera';
const lost = silent(CAMERA, 'camera-lost');
const covered = risk(CAMERA, 'camera-tampered');
const actions = async (of: typeof lost) =>
  (await story.trail(of)).map(({ history }) => history.map(({ action }) => action));
let story: Story;
afterEach(() => story.end());

test(
  'a picture that stands still for five minutes is told of, with its place, and taken back when it is back',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall } = story;
    await at('2026-03-02T09:00').observe(picture('live', { attempt: 0 }));
    await at('2026-03-02T10:00').observe(picture('frozen', { attempt: 0, reason: '画面停止 (no packets)' }));
    await at('2026-03-02T10:00:06').observe(picture('retrying', { attempt: 1, reason: 'refused' }));
    await at('2026-03-02T10:04').observe(picture('retrying', { attempt: 14, reason: 'connection refused' }));
    await until('2026-03-02T10:04:59');
    await wall.showsNo(lost);
    await until('2026-03-02T10:05');
    const alert = await wall.shows(lost, '2026-03-02T10:00');
    expect(alert).toMatchObject({
      ...{ region: '130681', hall: '涿州市政务大厅', counter: 'zz-1', camera: CAMERA },
      ...{ cameraName: 'zz 摄像机', sourceId: null, title: { zh: 'zz 摄像机 视频中断' } },
    });
    expect(alert.reason.zh).toBe(
      '摄像机“zz 摄像机”自3月2日 10:00 起没有画面，已超过 5 分钟：已连接失败 14 次，原因：connection refused。',
    );
    await at('2026-03-02T11:00').observe(picture('retrying', { attempt: 70, reason: 'connection refused' }));
    expect(await actions(lost)).toEqual([['raised']]);

    await at('2026-03-02T12:00').observe(picture('live', { attempt: 0 }));
    await until('2026-03-02T12:00:59');
    await wall.shows(lost);
    await until('2026-03-02T12:01');
    await wall.showsNo(lost);
    expect(await actions(lost)).toEqual([['raised', 'closed']]);
    const [told] = await story.trail(lost);
    expect(told!.history.at(-1)).toMatchObject({ note: '画面已恢复。' });
  },
  LIMIT_MS,
);

test(
  'a picture that comes and goes for half an hour is one alert',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall } = story;
    await at('2026-03-02T09:00').observe(picture('live'));
    for (let minute = 0; minute < 30; minute += 2) {
      const two = String(minute).padStart(2, '0');
      await at(`2026-03-02T10:${two}`).observe(picture('retrying', { attempt: 1 }));
      await at(`2026-03-02T10:${two}:50`).observe(picture('connecting'));
      await at(`2026-03-02T10:${two}:51`).observe(picture('live'));
      await at(`2026-03-02T10:${two}:59`).observe(picture('frozen'));
    }
    await wall.shows(lost, '2026-03-02T10:00');
    expect(await actions(lost)).toEqual([['raised']]);
    await at('2026-03-02T11:00').observe(picture('live'));
    await until('2026-03-02T11:10');
    expect(await actions(lost)).toEqual([['raised', 'closed']]);

    // Soon after it is the same outage to whoever was told of it; a day later it is another.
    await at('2026-03-02T11:11').observe(picture('retrying', { attempt: 1 }));
    await until('2026-03-02T11:16');
    expect(await actions(lost)).toEqual([['raised', 'closed', 'reopened']]);
    await at('2026-03-02T12:00').observe(picture('live'));
    await at('2026-03-03T12:00').observe(picture('retrying', { attempt: 1 }));
    await until('2026-03-03T12:05');
    expect(await actions(lost)).toHaveLength(2);
  },
  LIMIT_MS,
);

test(
  'what comes late, twice or in another order comes out the same, and so does what falls due while no engine runs',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall, sleepUntil } = story;
    await at('2026-03-02T09:00').observe(picture('live'));
    // The end is told before its beginning, and the beginning twice.
    await at('2026-03-02T10:06').observe(
      happened('2026-03-02T10:05:30', picture('live')),
      happened('2026-03-02T10:04', picture('retrying', { attempt: 9 })),
      happened('2026-03-02T10:00', picture('frozen')),
      happened('2026-03-02T10:00', picture('frozen')),
    );
    await wall.shows(lost, '2026-03-02T10:00');
    await until('2026-03-02T10:06:30');
    await wall.showsNo(lost);

    await at('2026-03-02T11:00').observe(picture('frozen'));
    await until('2026-03-02T11:05');
    await wall.shows(lost, '2026-03-02T11:00');
    // It was there in between for two minutes: nobody knew.
    await at('2026-03-02T11:06').observe(
      happened('2026-03-02T11:01', picture('live')),
      happened('2026-03-02T11:03', picture('frozen')),
    );
    await wall.showsNo(lost);
    await until('2026-03-02T11:08');
    await wall.shows(lost, '2026-03-02T11:03');
    await at('2026-03-02T11:09').observe(picture('live'));
    await until('2026-03-02T11:10');
    await wall.showsNo(lost);

    await at('2026-03-02T13:00').observe(picture('frozen'));
    sleepUntil('2026-03-02T15:00');
    await until('2026-03-02T15:00:01');
    await wall.shows(lost, '2026-03-02T13:00');

    // A day that is told afterwards is judged once all of it is there.
    await at('2026-03-03T15:00').observe(
      happened('2026-03-03T10:00', picture('live')),
      happened('2026-03-03T11:00', picture('retrying', { attempt: 4 })),
    );
    await at('2026-03-03T15:00:03').observe(happened('2026-03-03T11:02', picture('live')));
    await until('2026-03-03T15:01');
    await wall.showsNo(lost);
  },
  LIMIT_MS,
);

test(
  'a camera that nobody watches or records is not lost, nor one that is taken out of use or removed',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00', recording: 'off' });
    const { at, until, wall, publishes } = story;
    await at('2026-03-02T10:00').observe(picture('live'));
    await at('2026-03-02T10:01').observe(picture('retrying', { attempt: 3 }));
    await at('2026-03-02T10:03').observe(picture('idle'));
    await until('2026-03-02T16:00');
    await wall.showsNo(lost);

    // Watched again for longer, in opening hours.
    await at('2026-03-02T16:00').observe(picture('retrying', { attempt: 3 }));
    await until('2026-03-02T16:05');
    await wall.shows(lost, '2026-03-02T16:00');
    await publishes.camera(CAMERA, { disabled: true });
    await wall.showsNo(lost);
    await at('2026-03-02T16:10').observe(picture('failed', { attempt: 30 }));
    await until('2026-03-02T17:00');
    await wall.showsNo(lost);
    const [told] = await story.trail(lost);
    expect(told!.history.at(-1)).toMatchObject({ action: 'closed', note: '摄像机已停用。' });

    // Back in use it is judged by what is known of it.
    await publishes.camera(CAMERA, { disabled: false });
    await wall.shows(lost, '2026-03-02T16:00');
    await publishes.camera(CAMERA, 'removed');
    await wall.showsNo(lost);
    expect((await story.trail(lost)).at(-1)!.history.at(-1)).toMatchObject({ note: '摄像机已移除。' });
  },
  LIMIT_MS,
);

test(
  'while the media host is silent no camera is called lost, and what stood is not told; afterwards it is judged anew',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00', mediaEverySeconds: 120 });
    const { at, until, wall } = story;
    await at('2026-03-02T09:59').observe(picture('live'), dingzhou({ ...picture('live'), data: dz('live') }));
    await at('2026-03-02T10:00').observe(
      picture('frozen'),
      dingzhou({ ...picture('live'), data: dz('retrying') }),
    );
    // Nothing more comes: the host is gone before five minutes have passed.
    await until('2026-03-02T10:02:01');
    await wall.shows(silent('media'), '2026-03-02T10:02');
    await until('2026-03-02T10:30');
    await wall.showsNo(lost);
    // It comes back, and is given a moment to tell what it knows.
    await at('2026-03-02T10:30').observe(mediaBeat());
    await wall.showsNo(silent('media'));
    await at('2026-03-02T10:30:20').observe(picture('live'));
    for (const minute of ['31', '32', '33']) await at(`2026-03-02T10:${minute}`).observe(mediaBeat());
    await wall.showsNo(lost);
    await wall.shows(silent('dz-camera', 'camera-lost'), '2026-03-02T10:00');

    // What stands when it falls silent rests on what is not known any more.
    await until('2026-03-02T10:40');
    const { alerts } = await story.lists.alerts({ kind: ['silent'], state: ['open'] });
    expect(alerts.find(({ camera }) => camera === 'dz-camera')!.inhibitedBy).toMatchObject({
      title: { zh: expect.stringContaining('视频服务') },
    });
    await at('2026-03-02T10:41').observe(mediaBeat(), heartbeat());
    await until('2026-03-02T10:42:30');
    const released = (await story.lists.alerts({ kind: ['silent'], state: ['open'] })).alerts;
    expect(released.find(({ camera }) => camera === 'dz-camera')!.inhibitedBy).toBeNull();
  },
  LIMIT_MS,
);

test(
  'a camera that is covered is a risk, until it says that it is free; a person who closes it is told anew only of another',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall } = story;
    await at('2026-03-02T10:00').observe(cameraSays('motion', true), cameraSays('tamper', true));
    await until('2026-03-02T10:00:09');
    await wall.showsNo(covered);
    await until('2026-03-02T10:00:10');
    const alert = await wall.shows(covered, '2026-03-02T10:00');
    expect(alert).toMatchObject({ camera: CAMERA, counter: 'zz-1', region: '130681' });
    await at('2026-03-02T10:30').observe(cameraSays('tamper', true));
    await story.closes(covered);
    await until('2026-03-02T11:00');
    expect(await actions(covered)).toEqual([['raised', 'closed']]);

    await at('2026-03-02T11:00').observe(cameraSays('tamper', false));
    await until('2026-03-02T11:01');
    expect(await actions(covered)).toEqual([['raised', 'closed', 'rescinded']]);
    await at('2026-03-02T13:00').observe(cameraSays('tamper', true));
    await until('2026-03-02T13:01');
    await wall.shows(covered, '2026-03-02T13:00');
    // The beginning had been told before its end, which comes late.
    await at('2026-03-02T13:02').observe(happened('2026-03-02T13:00:05', cameraSays('tamper', false)));
    await wall.showsNo(covered);
  },
  LIMIT_MS,
);

test(
  'an outage that a person closed is not told of again, the next one is',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, wall } = story;
    await at('2026-03-02T10:00').observe(picture('frozen'));
    await until('2026-03-02T10:05');
    await story.closes(lost);
    await at('2026-03-02T10:20').observe(picture('retrying', { attempt: 8 }));
    await until('2026-03-02T11:00');
    await wall.showsNo(lost);
    await at('2026-03-02T11:00').observe(picture('live'));
    await at('2026-03-02T12:00').observe(picture('frozen'));
    await until('2026-03-02T12:05');
    await wall.shows(lost, '2026-03-02T12:00');
    expect(await actions(lost)).toEqual([['raised', 'closed'], ['raised']]);
  },
  LIMIT_MS,
);

test(
  'a county sees its own cameras only, and nobody tells of another’s',
  async () => {
    story = await openStory({ start: '2026-03-02T08:00' });
    const { at, until, lists } = story;
    await at('2026-03-02T10:00').observe(
      picture('frozen'),
      dingzhou({ ...picture('frozen'), data: dz('live') }),
      // 定州's camera, as if it hung in 涿州.
      { ...picture('frozen'), data: dz('frozen') },
    );
    await until('2026-03-02T10:10');
    const seenBy = async (county?: '涿州' | '定州') =>
      (await lists.alerts({ kind: ['silent'] }, county)).alerts.map(({ camera, at: since }) => [
        camera,
        since,
      ]);
    const ours = [[CAMERA, instant('2026-03-02T10:00')]];
    expect([await seenBy(), await seenBy('涿州'), await seenBy('定州')]).toEqual([ours, ours, []]);
  },
  LIMIT_MS,
);

/** What the stream of 定州's camera does. */
function dz(state: string): Record<string, unknown> {
  return { camera: 'dz-camera', state };
}
