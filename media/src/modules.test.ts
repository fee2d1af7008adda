import { expect, test } from '@jest/globals';
import { startAll, stopAll } from './modules.ts';

test('what had started is stopped in reverse when one fails, and the failed one is named', async () => {
  const said: string[] = [];
  const module = (name: string, start = () => said.push(`+${name}`)) => ({
    name,
    start: () => void start(),
    stop: () => void said.push(`-${name}`),
  });
  const broken = module('c', () => {
    throw new Error('the port is taken');
  });
  await expect(startAll([module('a'), module('b'), broken, module('d')])).rejects.toThrow(
    'c did not start: the port is taken',
  );
  expect(said).toEqual(['+a', '+b', '-b', '-a']);
});

test('one that does not stop keeps no other from stopping', async () => {
  const said: string[] = [];
  const modules = [
    { name: 'a', start: () => undefined, stop: () => void said.push('-a') },
    { name: 'b', start: () => undefined, stop: () => Promise.reject(new Error('stuck')) },
  ];
  await expect(stopAll(modules)).rejects.toThrow('not everything stopped');
  expect(said).toEqual(['-a']);
});
