import { describe, expect, test } from '@jest/globals';
import { readEvents, UnreadableBody } from './cloudEvents.ts';
import { CLOUDEVENT, CLOUDEVENT_BATCH } from './ingest.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const EVENT = { specversion: '1.0', id: '1', source: 's', type: 'heartbeat', data: { 区: '涿州' } };

describe('the events of a request', () => {
  test('structured mode is one, batch mode is many', () => {
    const one = readEvents({ 'content-type': `${CLOUDEVENT}; charset=UTF-8` }, bytes(JSON.stringify(EVENT)));
    expect(one).toEqual([EVENT]);
    const batch = bytes(JSON.stringify([EVENT, 7]));
    expect(readEvents({ 'content-type': CLOUDEVENT_BATCH.toUpperCase() }, batch)).toEqual([EVENT, 7]);
  });

  test('binary mode has its attributes in percent-encoded headers and its data in the body', () => {
    const headers = {
      'content-type': 'application/json',
      'ce-specversion': '1.0',
      'ce-id': '1',
      'ce-source': '%E6%B6%BF%E5%B7%9E%20a',
      authorization: 'Bearer x',
    };
    expect(readEvents(headers, bytes('{"a":1}'))).toEqual([
      { specversion: '1.0', id: '1', source: '涿州 a', data: { a: 1 } },
    ]);
  });

  test.each([
    ['invalid', 'the body is not UTF-8', { 'content-type': CLOUDEVENT }, new Uint8Array([0x22, 0xff, 0x22])],
    ['invalid', 'the body is not JSON', { 'content-type': CLOUDEVENT }, bytes('{')],
    ['invalid', 'not a JSON array', { 'content-type': CLOUDEVENT_BATCH }, bytes('{}')],
    [
      'too-large',
      'holds 3 events; expected at most 2',
      { 'content-type': CLOUDEVENT_BATCH },
      bytes('[1,2,3]'),
    ],
    [
      ...(['invalid', 'the header ce-id is not percent-encoded'] as const),
      { 'content-type': 'application/json', 'ce-specversion': '1.0', 'ce-id': '%zz' },
      bytes('{}'),
    ],
    ['unsupported-media-type', 'is "application/json"', { 'content-type': 'application/json' }, bytes('{}')],
    ['unsupported-media-type', 'is ""', {}, bytes('{}')],
  ] as const)('%s: %s', (kind, message, headers, body) => {
    let thrown: unknown;
    try {
      readEvents(headers, body, 2);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(UnreadableBody);
    expect(thrown).toMatchObject({ kind, message: expect.stringContaining(message) });
  });
});
