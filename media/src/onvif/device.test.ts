import { afterEach, expect, test } from '@jest/globals';
import { startOnvif, type OnvifCamera } from '../../../tests/helpers/onvif.ts';
import { Device, pickStreams } from './device.ts';

const SIGN_IN = { username: 'operator', password: `p<&>"'` };
const STREAMS = { main: 'rtsp://10.0.0.99:554/main', sub: 'rtsp://10.0.0.99:554/sub' };

let camera: OnvifCamera | undefined;
afterEach(async () => {
  await camera?.close();
  camera = undefined;
});

test.each([
  ['Media', false, 'http://www.onvif.org/ver10/media/wsdl'],
  ['Media2 alone', true, 'http://www.onvif.org/ver20/media/wsdl'],
])(
  'a camera with %s tells its streams, and gives a key frame when it is asked',
  async (_name, onlyMedia2, namespace) => {
    camera = await startOnvif({ ...STREAMS, ...SIGN_IN, onlyMedia2 });
    const device = new Device(camera.address, SIGN_IN, Date.now);
    const profiles = await device.profiles();
    expect(profiles).toHaveLength(3);
    const { main, sub } = pickStreams(profiles);
    expect(main).toEqual({
      token: 'main',
      name: 'main',
      codec: 'H264',
      width: 1920,
      height: 1080,
      ptz: true,
    });
    expect(sub).toMatchObject({ token: 'sub', codec: 'H264', width: 640, height: 360 });
    // Whatever host the camera names, it is the one at which it was reached.
    expect(await device.streamUri('main')).toBe('rtsp://127.0.0.1:554/main');
    expect(await device.streamUri('sub')).toBe('rtsp://127.0.0.1:554/sub');
    await device.synchronise('main');
    const asked = camera.asked
      .filter(({ body }) => body.includes(namespace))
      .map(({ operation }) => operation);
    expect(asked).toEqual(['GetProfiles', 'GetStreamUri', 'GetStreamUri', 'SetSynchronizationPoint']);
  },
);

test('a camera that refuses the sign-in says so, and a wrong password stands in no message', async () => {
  camera = await startOnvif({ ...STREAMS, ...SIGN_IN, onlyMedia2: true });
  const device = new Device(camera.address, { ...SIGN_IN, password: 'geheim-2026' }, Date.now);
  const refusal = await device.profiles().then(
    () => 'it was let in',
    (problem: unknown) => String(problem),
  );
  expect(refusal).toContain('401 unauthorized');
  expect(refusal).not.toContain('geheim-2026');
});
