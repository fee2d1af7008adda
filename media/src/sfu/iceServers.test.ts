import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { iceServersFor } from './iceServers.ts';

const NOW = Date.UTC(2026, 10, 24);

describe('the servers by which a media host is reached', () => {
  test('a TURN server takes a name that ends in a day, and its password', () => {
    const [stun, turn] = iceServersFor('inspector', NOW, {
      iceUrls: ['turn:turn.example:3478?transport=tcp', 'stun:turn.example', 'turns:turn.example:443'],
      turnSecret: 'a secret of the servers',
    });
    expect(stun).toEqual({ urls: ['stun:turn.example'] });
    const username = `${NOW / 1000 + 86_400}:inspector`;
    const credential = createHmac('sha1', 'a secret of the servers').update(username).digest('base64');
    const urls = ['turn:turn.example:3478?transport=tcp', 'turns:turn.example:443'];
    expect(turn).toEqual({ urls, username, credential });
  });

  test('there are none unless they are set', () => {
    expect(iceServersFor('inspector', NOW, { iceUrls: [], turnSecret: undefined })).toEqual([]);
  });
});
